namespace IlgpuDistance.Checks.Tests.Compilers.Nvidia;

/// <summary>Pieces of what ptxas 11.8 and nvdisasm 11.8 print, shortened.</summary>
internal static class NvidiaListings
{
    /// <summary>
    /// A product: in a loop over tiles one that fills them (it scales with FFMA), that of the multiply-adds, and one that adds
    /// up columns.
    /// </summary>
    public const string Product = """
        	.headerflags	@"EF_CUDA_TEXMODE_UNIFIED EF_CUDA_64BIT_ADDRESS EF_CUDA_SM80 EF_CUDA_VIRTUAL_SM(EF_CUDA_SM80)"
        	.section	.text.Kernel_Run,"ax",@progbits
        Kernel_Run:
        .text.Kernel_Run:
                /*0000*/                   MOV R1, c[0x0][0x28] ;
                /*0010*/               @P0 BRA `(.L_x_0) ;
        .L_x_15:
                /*0020*/                   BSSY B0, `(.L_x_1) ;
        .L_x_7:
                /*0030*/              @!P2 LDG.E.128 R16, [R16.64] ;
                /*0040*/                   FFMA R16, R16, c[0x0][0x17c], R20 ;
                /*0050*/                   STS.128 [R67], R16 ;
                /*0060*/               @P0 BRA `(.L_x_7) ;
        .L_x_1:
                /*0070*/                   BAR.SYNC 0x0 ;
        .L_x_11:
                /*0080*/                   LDS.128 R12, [R5] ;
                /*0090*/                   LDS.U.128 R24, [R5+0x110] ;
                /*00a0*/                   IADD3 R5, R5, 0x1100, RZ ;
                /*00b0*/                   ISETP.GE.AND P1, PT, R5, c[0x0][0x1e0], PT ;
                /*00c0*/                   FFMA R40, R12.reuse, R24, R40 ;
                /*00d0*/                   FFMA.FTZ R41, R12, R25.reuse, R41 ;
                /*00e0*/                   FFMA R42, R13, R24, R42 ;
                /*00f0*/                   FADD R43, R13, R25 ;
                /*0100*/               @P0 CALL.REL.NOINC `(.L_x_12) ;
                /*0110*/              @!P1 BRA `(.L_x_11) ;
        .L_x_12:
                /*0120*/              @!P3 BRA `(.L_x_13) ;
        .L_x_14:
                /*0130*/                   LDS R9, [R8] ;
                /*0140*/                   FADD R10, R9, R10 ;
                /*0150*/              @!P0 BRA `(.L_x_14) ;
        .L_x_13:
                /*0160*/                   BAR.SYNC 0x0 ;
                /*0170*/                   BRA `(.L_x_15) ;
        .L_x_0:
                /*0180*/                   STG.E.128 [R2.64], R40 ;
                /*0190*/                   EXIT ;
        .L_x_16:
                /*01a0*/                   BRA `(.L_x_16);
                /*01b0*/                   NOP;
        """;

    /// <summary>
    /// The same with the multiply-adds unrolled altogether: only the loop over tiles is left, which begins amid them.
    /// </summary>
    public const string Unrolled = """
        .L_x_15:
                /*0020*/                   FFMA R41, R12, R25, R41 ;
                /*0030*/                   BAR.SYNC 0x0 ;
                /*0040*/                   LDG.E.128 R16, [R16.64] ;
                /*0050*/                   FFMA R16, R16, c[0x0][0x17c], R20 ;
                /*0060*/                   STS.128 [R67], R16 ;
                /*0070*/                   BAR.SYNC 0x0 ;
                /*0080*/                   LDS.128 R12, [R5] ;
                /*00c0*/                   FFMA R40, R12.reuse, R24, R40 ;
                /*0170*/              @!P0 BRA `(.L_x_15) ;
        """;

    public const string Report = """
        ptxas info    : 0 bytes gmem
        ptxas info    : Compiling entry function 'Kernel_Run' for 'sm_80'
        ptxas info    : Function properties for Kernel_Run
            0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
        ptxas info    : Used 79 registers, 9728 bytes smem, 480 bytes cmem[0], 8 bytes cmem[2]
        """;

    /// <summary>As newer versions print it, for a kernel that calls a function.</summary>
    public const string ReportWithSpills = """
        ptxas info    : Compiling entry function 'Kernel_Run' for 'sm_90'
        ptxas info    : Function properties for Kernel_Run
            48 bytes stack frame, 24 bytes spill stores, 20 bytes spill loads
        ptxas info    : Function properties for Helper
            8 bytes stack frame, 4 bytes spill stores, 4 bytes spill loads
        ptxas info    : Used 64 registers, used 1 barriers, 48 bytes cumulative stack size, 512 bytes smem
        """;
}
