namespace IlgpuDistance.Checks.Ptx;

/// <summary>How many machine instructions of each kind a piece of code has.</summary>
/// <param name="instructions">The code.</param>
internal sealed class InstructionMix(ReadOnlyMemory<Instruction> instructions)
{
    private readonly Instruction[] _instructions = instructions.ToArray();

    /// <summary>All instructions.</summary>
    public int Total => _instructions.Length;

    /// <summary>Instructions of a kind.</summary>
    public int this[InstructionKind kind] => _instructions.Count(instruction => instruction.Kind == kind);

    /// <summary>The fused multiply-adds' share of all instructions.</summary>
    public double FfmaShare => (double)this[InstructionKind.Ffma] / Total;

    /// <summary>The share of all arithmetic of float32.</summary>
    public double ArithmeticShare => (double)(this[InstructionKind.Ffma] + this[InstructionKind.FaddOrFmul]) / Total;

    /// <summary>The widths of the instructions of a kind in bits, each with its count, widest first.</summary>
    public IReadOnlyList<(int Width, int Count)> Widths(InstructionKind kind) =>
    [
        .. _instructions.Where(instruction => instruction.Kind == kind)
            .CountBy(instruction => instruction.Width).OrderByDescending(pair => pair.Key).Select(pair => (pair.Key, pair.Value)),
    ];

    /// <summary>The opcodes of a kind, each with its count, most frequent first.</summary>
    public IReadOnlyList<(string Opcode, int Count)> Opcodes(InstructionKind kind) =>
    [
        .. _instructions.Where(instruction => instruction.Kind == kind)
            .CountBy(instruction => instruction.Opcode).OrderByDescending(pair => pair.Value)
                .Select(pair => (pair.Key, pair.Value)),
    ];
}
