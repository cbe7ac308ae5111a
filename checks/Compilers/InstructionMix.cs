namespace IlgpuDistance.Checks.Compilers;

/// <summary>How many machine instructions of each kind a piece of code has, without those that only wait.</summary>
/// <param name="instructions">The code.</param>
internal sealed class InstructionMix(IEnumerable<Instruction> instructions)
{
    private readonly Instruction[] _instructions =
        [.. instructions.Where(instruction => instruction.Kind != InstructionKind.Wait)];

    /// <summary>All instructions.</summary>
    public int Total => _instructions.Length;

    /// <summary>Instructions of a kind.</summary>
    public int this[InstructionKind kind] => _instructions.Count(instruction => instruction.Kind == kind);

    /// <summary>
    /// The fused multiply-adds' share of all instructions but those for spilled registers, which are told apart.
    /// </summary>
    public double FmaShare => (double)this[InstructionKind.Fma] / (Total - this[InstructionKind.Scratch]);

    /// <summary>The share of all arithmetic of float32.</summary>
    public double ArithmeticShare =>
        (double)(this[InstructionKind.Fma] + this[InstructionKind.Arithmetic]) / (Total - this[InstructionKind.Scratch]);

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
