using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Amd;

namespace IlgpuDistance.Checks.Tests.Compilers.Amd;

public sealed class AmdInstructionsTests
{
    private static InstructionMix Loop(string listing) =>
        new(new MachineCode(listing, new AmdInstructions()).InnermostLoop()!);

    private static Instruction[] Parse(string instruction) => [.. new AmdInstructions().InstructionsOf($"\t{instruction}")];

    [Fact]
    public void The_innermost_loop_of_a_product_is_that_of_its_multiply_adds()
    {
        InstructionMix loop = Loop(AmdListings.Product);
        Assert.Equal(8, loop.Total); // with two of v_dual_…, and without s_waitcnt and s_delay_alu
        Assert.Equal(2, loop[InstructionKind.Fma]);
        Assert.Equal(2, loop[InstructionKind.Arithmetic]);
        Assert.Equal(1, loop[InstructionKind.Integer]);
        Assert.Equal(1, loop[InstructionKind.Control]);
        Assert.Equal([(128, 1), (64, 1)], loop.Widths(InstructionKind.SharedLoad));
        Assert.Equal(0.25, loop.FmaShare);
        Assert.Equal(0.5, loop.ArithmeticShare);
    }

    [Fact]
    public void Packed_instructions_count_twice()
    {
        InstructionMix loop = Loop(AmdListings.Packed);
        Assert.Equal((6, 2, 2), (loop.Total, loop[InstructionKind.Fma], loop[InstructionKind.Arithmetic]));
    }

    [Fact]
    public void Disassembled_code_has_labels_of_another_form()
    {
        InstructionMix loop = Loop(AmdListings.Disassembled);
        Assert.Equal((4, 2), (loop.Total, loop[InstructionKind.Fma]));
    }

    [Fact]
    public void Products_without_fused_multiply_adds_have_no_such_loop()
    {
        string listing = AmdListings.Product.Replace("v_fmac", "v_mac", StringComparison.Ordinal)
            .Replace("v_dual_fmac", "v_dual_mul", StringComparison.Ordinal);
        Assert.Null(new MachineCode(listing, new AmdInstructions()).InnermostLoop());
    }

    [Theory]
    [InlineData("v_fma_f32 v1, v2, v3, v4", InstructionKind.Fma)]
    [InlineData("v_fmac_f32_e32 v1, v2, v3", InstructionKind.Fma)]
    [InlineData("v_fmaak_f32 v1, v2, v3, 0x3f800000", InstructionKind.Fma)]
    [InlineData("v_mad_f32 v1, v2, v3, v4", InstructionKind.Arithmetic)]
    [InlineData("v_cmp_lt_f32_e64 s0, v1, v2", InstructionKind.Arithmetic)]
    [InlineData("v_cndmask_b32_e64 v1, v2, v3, s0", InstructionKind.Arithmetic)]
    [InlineData("v_and_b32_e32 v1, 3, v0", InstructionKind.Integer)]
    [InlineData("v_mad_u64_u32 v[1:2], s0, v3, v4, v[5:6]", InstructionKind.Integer)]
    [InlineData("v_accvgpr_write_b32 a0, v1", InstructionKind.Integer)]
    [InlineData("s_load_b128 s[0:3], s[4:5], null", InstructionKind.Integer)]
    [InlineData("v_rcp_f32_e32 v1, v2", InstructionKind.Other)]
    [InlineData("scratch_load_b32 v1, off, off offset:4", InstructionKind.Scratch)]
    [InlineData("buffer_store_dword v1, off, s[0:3], 0 offset:8", InstructionKind.Scratch)]
    [InlineData("buffer_gl0_inv", InstructionKind.Wait)]
    [InlineData("s_wait_loadcnt 0x0", InstructionKind.Wait)]
    [InlineData("s_barrier_signal -1", InstructionKind.Barrier)]
    [InlineData("s_cbranch_execz .LBB0_7", InstructionKind.Control)]
    public void Opcodes_are_counted_by_the_work_that_they_do(string instruction, object kind) =>
        Assert.Equal(kind, Assert.Single(Parse(instruction)).Kind);

    [Theory]
    [InlineData("ds_load_b128 v[1:4], v5", 128)]
    [InlineData("ds_read2_b64 v[1:4], v5 offset1:1", 128)]
    [InlineData("ds_read2st64_b32 v[1:2], v5 offset1:1", 64)]
    [InlineData("ds_load_2addr_stride64_b32 v[1:2], v5 offset1:1", 64)]
    [InlineData("global_load_dwordx4 v[1:4], v[5:6], off", 128)]
    [InlineData("global_load_dwordx3 v[1:3], v[5:6], off", 96)]
    [InlineData("global_store_b64 v[1:2], v[3:4], off", 64)]
    [InlineData("global_load_dword v1, v[5:6], off", 32)]
    [InlineData("global_load_u8 v1, v[5:6], off", 8)]
    [InlineData("global_load_ubyte v1, v[5:6], off", 8)]
    [InlineData("global_load_ushort v1, v[5:6], off", 16)]
    public void The_width_of_an_access_is_in_its_opcode(string instruction, int bits) =>
        Assert.Equal(bits, Assert.Single(Parse(instruction)).Width);
}
