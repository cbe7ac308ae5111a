namespace IlgpuDistance.Checks.Tests.Compilers.Intel;

/// <summary>Pieces of what ocloc 22.43 prints, shortened.</summary>
internal static class IntelListings
{
    /// <summary>For dg2: in a loop over tiles, which two branches go back to, that of the multiply-adds.</summary>
    public const string Product = """
        L0:
        (W)     mov (8|M0)  r127.0<1>:ud  0x0:ud
        (W)     send.dc0 (8|M0)  r5  r127  null:0  0x0  0x024844FD  {A@1,$2} // wr:1h+0, rd:4; oword aligned block read x8
        L2832:
                send.dc1 (8|M0)  r2  r15  null:0  0x0  0x02406000  {A@1,$1} // wr:1+0, rd:4; untyped surface read with xyzw
                mad (8|M0)  r2.0<1>:f  r2.0<1;0>:f  r7.5<0;0>:f  r2.7<0>:f  {F@1}
        (f0.1)  goto (8|M0)  L3256  L3256
        L3256:
                send.dc1 (8|M0)  null  r12  r14:1  0x0  0x02026EFE  {A@1,$6} // wr:1+1, rd:0; untyped surface write with x
        (W)     send.slm (1|M0)  r2  r55  null:0  0x0  0x0210011F  {$0} // wr:1+0, rd:1; fence.slm.none.group
        (W)     send.gtwy (1|M0)  null  r2  null:0  0x0  0x02000004  {A@1,$4} // wr:1+0, rd:0; signal barrier
        (W)     sync.bar  null
        L8688:
                send.dc1 (8|M0)  r43  r3  null:0  0x0  0x024060FE  {A@2,$8} // wr:1+0, rd:4; untyped surface read with xyzw
                sync.nop  null  {Compacted,A@1}
                mad (8|M0)  r2.0<1>:f  r2.0<1;0>:f  r43.0<1;0>:f  r60.0<1>:f  {Compacted,$8.dst}
                add (8|M0)  r61.0<1>:f  r44.0<1;1,0>:f  -r2.0<1;1,0>:f  {$8.dst}
                mul (8|M0)  acc0.0<1>:f  r61.0<1;1,0>:f  (abs)r45.0<1;1,0>:f
                add3 (8|M0)  r17.0<1>:d  acc2.0<1;0>:d  acc0.0<1;0>:d  1088:w
        (W)     cmp (8|M0)  (lt)f1.1  null<1>:d  r9.2<0;1,0>:d  0:w  {A@1}
        (~f0.0) goto (8|M0)  L15472  L15472
        (W)     jmpi  L8688
        L15472:
        (f0.1)  goto.b (8|M0)  L15680  L2832
        L15680:
                send.dc1 (8|M0)  null  r8  r2:4  0x0  0x02026003  {A@1,$15} // wr:1+4, rd:0; untyped surface write with xyzw
        (W)     send.gtwy (8|M0)  null  r112  null:0  0x0  0x02000010  {EOT,A@1} // wr:1+0, rd:0; end of thread
                illegal
        """;

    /// <summary>The section .ze_info of a kernel for pvc.</summary>
    public const string Metadata = """
        ---
        version:         '1.20'
        kernels:
          - name:            Kernel_Run
            execution_env:
              barrier_count:   1
              grf_count:       128
              simd_size:       32
              slm_size:        8704
            payload_arguments:
              - arg_type:        private_base_stateless
                offset:          184
                size:            8
            per_thread_memory_buffers:
              - type:            scratch
                usage:           single_space
                size:            8192
        kernels_misc_info:
          - name:            Kernel_Run
        ...
        """;
}
