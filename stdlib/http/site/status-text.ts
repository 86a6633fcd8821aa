/** Reason phrases: RFC 9110 15, RFC 6585. Others have none, which RFC 9112 4 allows. */
export function reason(status: i32): string {
  if (status == 200) return "OK";
  if (status == 201) return "Created";
  if (status == 202) return "Accepted";
  if (status == 204) return "No Content";
  if (status == 206) return "Partial Content";
  if (status == 301) return "Moved Permanently";
  if (status == 302) return "Found";
  if (status == 303) return "See Other";
  if (status == 304) return "Not Modified";
  if (status == 307) return "Temporary Redirect";
  if (status == 308) return "Permanent Redirect";
  if (status == 400) return "Bad Request";
  if (status == 401) return "Unauthorized";
  if (status == 403) return "Forbidden";
  if (status == 404) return "Not Found";
  if (status == 405) return "Method Not Allowed";
  if (status == 408) return "Request Timeout";
  if (status == 410) return "Gone";
  if (status == 412) return "Precondition Failed";
  if (status == 413) return "Content Too Large";
  if (status == 414) return "URI Too Long";
  if (status == 416) return "Range Not Satisfiable";
  if (status == 417) return "Expectation Failed";
  if (status == 421) return "Misdirected Request";
  if (status == 429) return "Too Many Requests";
  if (status == 431) return "Request Header Fields Too Large";
  if (status == 451) return "Unavailable For Legal Reasons";
  if (status == 500) return "Internal Server Error";
  if (status == 501) return "Not Implemented";
  if (status == 503) return "Service Unavailable";
  if (status == 505) return "HTTP Version Not Supported";
  return "";
}

export function statusLine(status: i32): string {
  return `HTTP/1.1 ${status} ${reason(status)}\r\n`;
}
