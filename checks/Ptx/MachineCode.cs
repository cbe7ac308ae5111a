namespace IlgpuDistance.Checks.Ptx;

/// <summary>The machine code of a kernel, from the listing that <c>nvdisasm -c</c> prints.</summary>
internal sealed class MachineCode
{
    private readonly Instruction[] _instructions;
    private readonly Dictionary<string, int> _labels = [];

    /// <summary>Reads a listing.</summary>
    public MachineCode(string listing)
    {
        var instructions = new List<Instruction>();
        foreach (string line in listing.Split('\n'))
        {
            if (Instruction.Parse(line) is { } instruction)
                instructions.Add(instruction);
            else if (line.StartsWith(".L", StringComparison.Ordinal) && line.TrimEnd().EndsWith(':'))
                _labels[line.TrimEnd().TrimEnd(':')] = instructions.Count;
        }
        _instructions = [.. instructions];
    }

    /// <summary>All instructions, in the order of their addresses.</summary>
    public IReadOnlyList<Instruction> Instructions => _instructions;

    /// <summary>
    /// The loop in which a product spends its time. A loop is what lies between a branch and the earlier instruction that it
    /// goes back to. Multiply-adds of operands from shared memory are taken for the product, which leaves out the loops that
    /// fill the tiles (they scale with multiply-adds, but load from global memory) and those that add up columns or logits
    /// (no multiply-adds, or none from shared memory). Of the loops that remain the shortest is the innermost one.
    /// </summary>
    /// <returns>Its instructions; null where there is none.</returns>
    public ReadOnlyMemory<Instruction>? InnermostLoop()
    {
        ReadOnlyMemory<Instruction>? shortest = null;
        for (int end = 0; end < _instructions.Length; end++)
        {
            if (_instructions[end] is not { Name: "BRA", Target: { } label } || !_labels.TryGetValue(label, out int start)
                || start > end)
            {
                continue;
            }

            ReadOnlyMemory<Instruction> loop = _instructions.AsMemory(start..(end + 1));
            if (Has(loop, InstructionKind.Ffma) && Has(loop, InstructionKind.SharedLoad) && !(shortest?.Length <= loop.Length))
                shortest = loop;
        }
        return shortest;
    }

    private static bool Has(ReadOnlyMemory<Instruction> loop, InstructionKind kind)
    {
        foreach (Instruction instruction in loop.Span)
        {
            if (instruction.Kind == kind)
                return true;
        }
        return false;
    }
}
