using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Nvidia;

namespace IlgpuDistance.Checks.Tests.Compilers.Nvidia;

public sealed class NvidiaInstructionsTests
{
    private static MachineCode Code(string listing) => new(listing, new NvidiaInstructions());

    private static Instruction Parse(string line) => Assert.Single(new NvidiaInstructions().InstructionsOf(line));

    [Fact]
    public void The_innermost_loop_of_a_product_is_that_of_its_multiply_adds()
    {
        var loop = new InstructionMix(Code(NvidiaListings.Product).InnermostLoop()!);
        Assert.Equal(10, loop.Total);
        Assert.Equal(3, loop[InstructionKind.Fma]);
        Assert.Equal(1, loop[InstructionKind.Arithmetic]);
        Assert.Equal(2, loop[InstructionKind.SharedLoad]);
        Assert.Equal(2, loop[InstructionKind.Integer]);
        Assert.Equal(2, loop[InstructionKind.Control]);
        Assert.Equal(0.3, loop.FmaShare);
        Assert.Equal(0.4, loop.ArithmeticShare);
        Assert.Equal([(128, 2)], loop.Widths(InstructionKind.SharedLoad));
    }

    [Fact]
    public void Where_the_multiply_adds_are_unrolled_it_is_what_lies_between_barriers()
    {
        var loop = new InstructionMix(Code(NvidiaListings.Unrolled).InnermostLoop()!);
        Assert.Equal((4, 2), (loop.Total, loop[InstructionKind.Fma]));
        Assert.Equal((1, 1), (loop[InstructionKind.SharedLoad], loop[InstructionKind.Control]));
    }

    [Fact]
    public void Code_without_a_loop_of_multiply_adds_has_none()
    {
        string[] lines = [.. NvidiaListings.Product.Split('\n').Where(line => !line.Contains("LDS", StringComparison.Ordinal))];
        Assert.Null(Code(string.Join('\n', lines)).InnermostLoop());
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
        Assert.Equal(bits, Parse($"        /*0000*/                   {opcode} R0, [R1] ;").Width);

    [Theory]
    [InlineData("UIADD3", InstructionKind.Integer)]
    [InlineData("ULDC.64", InstructionKind.Integer)]
    [InlineData("HFMA2.MMA", InstructionKind.Integer)]
    [InlineData("IMAD.MOV.U32", InstructionKind.Integer)]
    [InlineData("WARPSYNC", InstructionKind.Control)]
    [InlineData("BAR.SYNC", InstructionKind.Barrier)]
    [InlineData("LDL.64", InstructionKind.Scratch)]
    [InlineData("MUFU.RSQ", InstructionKind.Other)]
    [InlineData("FMUL", InstructionKind.Arithmetic)]
    [InlineData("STG.E.128", InstructionKind.GlobalMemory)]
    public void Opcodes_are_counted_by_the_work_that_they_do(string opcode, object kind) =>
        Assert.Equal(kind, Parse($"        /*0000*/              @!UP1 {opcode} R0, R1 ;").Kind);
}
