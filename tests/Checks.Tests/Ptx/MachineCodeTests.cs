using IlgpuDistance.Checks.Ptx;

namespace IlgpuDistance.Checks.Tests.Ptx;

public sealed class MachineCodeTests
{
    [Fact]
    public void The_innermost_loop_of_a_product_is_that_of_its_multiply_adds()
    {
        var loop = new InstructionMix(new MachineCode(Listings.Product).InnermostLoop()!.Value);
        Assert.Equal(10, loop.Total);
        Assert.Equal(3, loop[InstructionKind.Ffma]);
        Assert.Equal(1, loop[InstructionKind.FaddOrFmul]);
        Assert.Equal(2, loop[InstructionKind.SharedLoad]);
        Assert.Equal(2, loop[InstructionKind.Integer]);
        Assert.Equal(2, loop[InstructionKind.Control]);
        Assert.Equal(0.3, loop.FfmaShare);
        Assert.Equal(0.4, loop.ArithmeticShare);
        Assert.Equal([(128, 2)], loop.Widths(InstructionKind.SharedLoad));
    }

    [Fact]
    public void Where_the_multiply_adds_are_unrolled_it_is_the_loop_around_them()
    {
        var loop = new InstructionMix(new MachineCode(Listings.Unrolled).InnermostLoop()!.Value);
        Assert.Equal((6, 1), (loop.Total, loop[InstructionKind.Ffma]));
        Assert.Equal(1, loop[InstructionKind.SharedStore]);
        Assert.Equal(1, loop[InstructionKind.GlobalMemory]);
    }

    [Fact]
    public void Code_without_a_loop_of_multiply_adds_has_none()
    {
        string[] lines = [.. Listings.Product.Split('\n').Where(line => !line.Contains("LDS", StringComparison.Ordinal))];
        Assert.Null(new MachineCode(string.Join('\n', lines)).InnermostLoop());
    }

    [Theory]
    [InlineData("LDS.128", 128)]
    [InlineData("LDS.U.128", 128)]
    [InlineData("LDS.64", 64)]
    [InlineData("LDS", 32)]
    [InlineData("LDG.E.128.CONSTANT", 128)]
    [InlineData("LDG.E.U8", 8)]
    [InlineData("STS.U16", 16)]
    public void The_width_of_an_access_is_in_its_opcode(string opcode, int bits) =>
        Assert.Equal(bits, Instruction.Parse($"        /*0000*/                   {opcode} R0, [R1] ;")!.Width);

    [Theory]
    [InlineData("UIADD3", InstructionKind.Integer)]
    [InlineData("ULDC.64", InstructionKind.Integer)]
    [InlineData("HFMA2.MMA", InstructionKind.Integer)]
    [InlineData("IMAD.MOV.U32", InstructionKind.Integer)]
    [InlineData("WARPSYNC", InstructionKind.Control)]
    [InlineData("MUFU.RSQ", InstructionKind.Other)]
    [InlineData("FMUL", InstructionKind.FaddOrFmul)]
    [InlineData("STG.E.128", InstructionKind.GlobalMemory)]
    public void Opcodes_are_counted_by_the_work_that_they_do(string opcode, object kind) =>
        Assert.Equal(kind, Instruction.Parse($"        /*0000*/              @!UP1 {opcode} R0, R1 ;")!.Kind);
}
