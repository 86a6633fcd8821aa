/** Record types that the server or the checks treat in a way of their own. IANA "Domain Name System Parameters". */
export const A = 1;
export const NS = 2;
export const CNAME = 5;
export const SOA = 6;
export const MB = 7;
export const PTR = 12;
export const MX = 15;
export const TXT = 16;
export const RT = 21;
export const AAAA = 28;
export const SRV = 33;
export const NAPTR = 35;
export const KX = 36;
export const DNAME = 39;
export const OPT = 41;
export const DS = 43;
export const SSHFP = 44;
export const RRSIG = 46;
export const NSEC = 47;
export const DNSKEY = 48;
export const NSEC3 = 50;
export const NSEC3PARAM = 51;
export const TLSA = 52;
export const SVCB = 64;
export const HTTPS = 65;
/** 249 to 255 are questions, not data (RFC 6895 3.1): TKEY, TSIG, IXFR, AXFR, MAILB, MAILA and ANY. */
export const TKEY = 249;
export const TSIG = 250;
export const IXFR = 251;
export const AXFR = 252;
export const ANY = 255;
export const CAA = 257;

export const CLASS_IN = 1;
export const CLASS_CH = 3;
export const CLASS_ANY = 255;
