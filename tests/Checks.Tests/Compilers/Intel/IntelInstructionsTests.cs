using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Intel;

namespace IlgpuDistance.Checks.Tests.Compilers.Intel;

public sealed class IntelInstructionsTests
{
    private static Instruction Parse(string instruction) =>
        Assert.Single(new IntelInstructions().InstructionsOf($"        {instruction}"));

    private static MachineCode Code(string listing) => new(listing, new IntelInstructions());

    [Fact]
    public void The_innermost_loop_of_a_product_is_that_of_its_multiply_adds()
    {
        var loop = new InstructionMix(Code(IntelListings.Product).InnermostLoop()!);
        Assert.Equal(8, loop.Total); // without sync.nop
        Assert.Equal(1, loop[InstructionKind.Fma]);
        Assert.Equal(2, loop[InstructionKind.Arithmetic]);
        Assert.Equal(2, loop[InstructionKind.Integer]);
        Assert.Equal(2, loop[InstructionKind.Control]);
        Assert.Equal([(128, 1)], loop.Widths(InstructionKind.SharedLoad));
        Assert.Equal(0.125, loop.FmaShare);
        Assert.Equal(0.375, loop.ArithmeticShare);
    }

    [Fact]
    public void A_branch_goes_back_where_the_second_of_its_labels_does()
    {
        string unrolled = string.Join('\n', IntelListings.Product.Split('\n').Where(line =>
            !line.Contains("jmpi", StringComparison.Ordinal)));
        var loop = new InstructionMix(Code(unrolled).InnermostLoop()!);
        Assert.Equal(2, loop[InstructionKind.Fma]); // one barrier alone divides nothing
        Assert.Equal([(128, 1)], loop.Widths(InstructionKind.GlobalMemory));
        Assert.Equal([(32, 1)], loop.Widths(InstructionKind.SharedStore));
    }

    [Fact]
    public void Products_without_multiply_adds_of_floats_have_no_such_loop() => Assert.Null(
        Code(IntelListings.Product.Replace("mad (8|M0)", "mul (8|M0)", StringComparison.Ordinal)).InnermostLoop());

    [Theory]
    [InlineData("mad (1|M0)  r127.2<1>:ud  r127.2<0;0>:ud  r127.0<0;0>:uw  0x60:uw", InstructionKind.Integer)]
    [InlineData("sel (8|M0)  (f0.0) r2.0<1>:f  r3.0<1;1,0>:f  r4.0<1;1,0>:f", InstructionKind.Arithmetic)]
    [InlineData("mov (8|M0)  r2.0<1>:f  r3.0<1;1,0>:f", InstructionKind.Integer)]
    [InlineData("math.inv (8|M0)  r2.0<1>:f  r3.0<1;1,0>:f", InstructionKind.Other)]
    [InlineData("sync.bar  null", InstructionKind.Barrier)]
    [InlineData("sync.allrd  {$1,$2}", InstructionKind.Wait)]
    [InlineData("while (8|M0)  L96", InstructionKind.Control)]
    public void Opcodes_are_counted_by_the_work_that_they_do(string instruction, object kind) =>
        Assert.Equal(kind, Parse(instruction).Kind);

    [Theory]
    [InlineData("send.slm (32|M0)  r8  r8  null:0  0x0  0x04803500  {$15} // wr:2+0, rd:8; load.slm.d32x4.a32",
        InstructionKind.SharedLoad, 128)]
    [InlineData("send.slm (32|M0)  null  r2  r10:2  0x0  0x04000504  {$4} // wr:2+2, rd:0; store.slm.d32.a32",
        InstructionKind.SharedStore, 32)]
    [InlineData("send.ugm (32|M0)  r8  r22  null:0  0x0  0x08803580  {$8} // wr:4+0, rd:8; load.ugm.d32x4.a64",
        InstructionKind.GlobalMemory, 128)]
    [InlineData("send.ugm (32|M0)  r8  r22  null:0  0x0  0x08803580  {$8} // wr:4+0, rd:8; load.ugm.d8u32.a64",
        InstructionKind.GlobalMemory, 8)]
    [InlineData("send.dc1 (8|M0)  r4  r2  null:0  0x0  0x02106E00  {$6} // wr:1+0, rd:1; untyped surface read with xy",
        InstructionKind.GlobalMemory, 64)]
    [InlineData("send.dc0 (16|M0)  null  r0  r9:2  0x0  0x020F20BC  {$1} // wr:1h+2, rd:0; hword scratch block write x4",
        InstructionKind.Scratch, 32)]
    [InlineData("send.ugm (1|M0)  r1  r127  null:0  0xFF000000  0x6228E500  {$0} // wr:1+0, rd:2; load.ugm.d32x32t.a32",
        InstructionKind.Integer, 0)]
    public void What_a_message_does_stands_behind_it(string instruction, object kind, int bits) =>
        Assert.Equal((kind, bits), (Parse(instruction).Kind, Parse(instruction).Width));

    [Fact]
    public void Registers_and_memory_are_read_from_the_metadata() =>
        Assert.Equal(new ResourceUsage(Registers: 128, SpillBytes: 8192, LocalBytes: 0, SharedBytes: 8704, Resident: 32),
            IntelMetadata.Read(IntelListings.Metadata));

    [Fact]
    public void Kernels_without_shared_memory_and_scratch_have_none_of_either()
    {
        string[] lines = [.. IntelListings.Metadata.Split('\n').Where(line =>
            !line.Contains("slm_size", StringComparison.Ordinal) && !line.Contains("scratch", StringComparison.Ordinal))];
        ResourceUsage used = IntelMetadata.Read(string.Join('\n', lines));
        Assert.Equal((0, 0, 0), (used.SharedBytes, used.SpillBytes, used.LocalBytes));
    }

    [Fact]
    public void A_section_without_registers_is_none_of_a_kernel() => Assert.Throws<FormatException>(() =>
        IntelMetadata.Read("version: '1.20'"));
}
