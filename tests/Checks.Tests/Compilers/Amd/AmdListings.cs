namespace IlgpuDistance.Checks.Tests.Compilers.Amd;

/// <summary>Pieces of what clang 19.1.7 writes, shortened.</summary>
internal static class AmdListings
{
    /// <summary>For gfx1100: in a loop over tiles one that fills them, and that of the multiply-adds.</summary>
    public const string Product = """
        	.text
        	.amdgcn_target "amdgcn-amd-amdhsa--gfx1100"
        Kernel_Run:                             ; @Kernel_Run
        ; %bb.0:
        	s_load_b64 s[0:1], s[2:3], 0x98
        	v_mov_b32_e32 v29, 0
        .LBB0_2:                                ; =>This Loop Header: Depth=1
        	s_waitcnt_vscnt null, 0x0
        	s_and_saveexec_b32 s17, s3
        .LBB0_5:                                ;   Parent Loop BB0_2 Depth=1
        	global_load_b128 v[5:8], v[1:2], off
        	v_fma_f32 v5, v5, s6, s7
        	ds_store_2addr_b32 v19, v5, v1 offset1:16
        	s_and_not1_b32 exec_lo, exec_lo, s19
        	s_cbranch_execnz .LBB0_6
        .LBB0_13:                               ;   in Loop: Header=BB0_2 Depth=1
        	s_barrier
        	buffer_gl0_inv
        .LBB0_16:                               ;   Parent Loop BB0_2 Depth=1
        	v_add_nc_u32_e32 v12, s16, v61
        	ds_load_b128 v[1:4], v5
        	ds_load_2addr_b32 v[10:11], v12 offset1:1
        	s_waitcnt lgkmcnt(1)
        	v_fmac_f32_e32 v52, v11, v3
        	s_delay_alu instid0(VALU_DEP_1)
        	v_dual_fmac_f32 v49, v10, v3 :: v_dual_mul_f32 v46, v12, v4
        	v_and_b32_e32 v1, 0x7fffffff, v1
        	s_cbranch_scc0 .LBB0_16
        ; %bb.17:                               ;   in Loop: Header=BB0_2 Depth=1
        	s_barrier
        	s_cbranch_scc0 .LBB0_2
        .LBB0_18:
        	global_store_b128 v[5:6], v[1:4], off
        	s_endpgm
        	.section	.rodata,"a",@progbits
        """;

    /// <summary>The loop as that for gfx90a has it, where two are packed into one.</summary>
    public const string Packed = """
        .LBB0_4:
        	ds_read_b128 v[2:5], v48 offset:16
        	s_waitcnt lgkmcnt(0)
        	v_pk_fma_f32 v[12:13], v[2:3], v[12:13], v[66:67] op_sel_hi:[0,1,1]
        	v_pk_add_f32 v[80:81], v[4:5], v[64:65] op_sel_hi:[0,1] neg_lo:[0,1] neg_hi:[0,1]
        	s_cbranch_scc1 .LBB0_4
        """;

    /// <summary>As llvm-objdump prints it.</summary>
    public const string Disassembled = """
        <Kernel_Run>:
        	s_cbranch_scc1 L1                                          // 0000000017D4: BFA20004
        <L0>:
        	ds_load_b128 v[1:4], v5                                    // 0000000017D8: DBFC0000 01000005
        	v_dual_fmac_f32 v39, v100, v114 :: v_dual_fmac_f32 v34, v101, v111// 00000000254C: C800E564 2722DF65
        	s_cbranch_vccnz L0                                         // 000000001910: BFA403C6
        <L1>:
        	s_endpgm                                                   // 000000001914: BFB00000
        """;

    /// <summary>What follows the code.</summary>
    public const string Metadata = """
        	.amdgpu_metadata
        ---
        amdhsa.kernels:
          - .args:
              - .address_space:  global
                .size:           8
            .group_segment_fixed_size: 8704
            .kernarg_segment_size: 152
            .name:           Kernel_Run
            .private_segment_fixed_size: 344
            .sgpr_count:     39
            .sgpr_spill_count: 0
            .vgpr_count:     256
            .vgpr_spill_count: 85
            .wavefront_size: 32
        """;
}
