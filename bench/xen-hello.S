/* The least that a guest of Xen can be, to compare with: it writes one line to its console and switches itself off. 32 bits, no paging, no devices.
 * Entry, parameters, the console's ring and the calls are those of xen/include/public: arch-x86/hvm/start_info.h, hvm/params.h, io/console.h, sched.h.
 *
 * gcc -m32 -nostdlib -static -Wl,-n,--build-id=none,-Ttext=0x100000,--section-start=.note.Xen=0x100800 -o hello xen-hello.S
 */
    .section .note.Xen, "a", @note
    .long 4, 4, 18
    .asciz "Xen"
    .long _start

    .text
    .code32
    .globl _start
_start:
    cld
    mov $stack, %esp
    xor %eax, %eax
    cpuid
    cmp $0x68747541, %ebx           /* "Auth": AMD */
    sete amd
    mov $17, %eax                   /* HVM_PARAM_CONSOLE_PFN */
    call parameter
    shl $12, %eax
    mov %eax, %ebp
    mov $18, %eax                   /* HVM_PARAM_CONSOLE_EVTCHN */
    call parameter
    mov %eax, port
    mov $line, %esi
    lea 1024(%ebp), %edi            /* the ring is new: the line goes to its beginning */
    mov $length, %ecx
    rep movsb
    movl $length, 3084(%ebp)        /* out_prod */
    mov $32, %eax                   /* event_channel_op */
    mov $4, %ebx                    /* EVTCHNOP_send */
    mov $port, %ecx
    call hypercall
    mov $29, %eax                   /* sched_op */
    mov $2, %ebx                    /* SCHEDOP_shutdown */
    mov $poweroff, %ecx
    call hypercall
1:  hlt
    jmp 1b

/* eax: the lower half of the parameter eax. */
parameter:
    mov %eax, index
    mov $34, %eax                   /* hvm_op */
    mov $1, %ebx                    /* HVMOP_get_param */
    mov $self, %ecx
    call hypercall
    mov value, %eax
    ret

hypercall:
    cmpb $0, amd
    jne 1f
    vmcall
    ret
1:  vmmcall
    ret

    .data
line:
    .ascii "hello from a guest\n"
    .equ length, . - line
    .align 8
self:
    .word 0x7ff0, 0                 /* DOMID_SELF */
index:
    .long 0
value:
    .quad 0
port:
    .long 0
poweroff:
    .long 0
amd:
    .byte 0
    .bss
    .align 16
    .skip 4096
stack:
    .section .note.GNU-stack, "", @progbits
