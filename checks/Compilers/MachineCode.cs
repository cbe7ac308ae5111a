namespace IlgpuDistance.Checks.Compilers;

/// <summary>The machine code of a kernel.</summary>
internal sealed class MachineCode
{
    private readonly Instruction[] _instructions;
    private readonly Dictionary<string, int> _labels = [];

    /// <summary>Reads a listing.</summary>
    /// <param name="listing">The text.</param>
    /// <param name="set">Reads its lines.</param>
    public MachineCode(string listing, IInstructionSet set)
    {
        var instructions = new List<Instruction>();
        foreach (string line in listing.Split('\n'))
        {
            if (set.LabelOf(line) is { } label)
                _labels[label] = instructions.Count;
            else
                instructions.AddRange(set.InstructionsOf(line));
        }
        _instructions = [.. instructions];
    }

    /// <summary>All instructions, in the order of their addresses.</summary>
    public IReadOnlyList<Instruction> Instructions => _instructions;

    /// <summary>
    /// The loop in which a product spends its time. A loop is what lies between a branch and the earlier instruction that it
    /// goes back to. Multiply-adds of operands from shared memory are taken for the product, which leaves out the loops that
    /// fill the tiles (they scale with multiply-adds, but load from global memory) and those that add up columns or logits
    /// (no multiply-adds, or none from shared memory). Of the loops that remain the shortest is the innermost one. Where the
    /// compiler has unrolled that, the shortest is the loop over tiles, and of it only what lies between two barriers counts.
    /// </summary>
    /// <returns>Its instructions; null where there is none.</returns>
    public IReadOnlyList<Instruction>? InnermostLoop()
    {
        Instruction[]? shortest = null;
        for (int end = 0; end < _instructions.Length; end++)
        {
            if (_instructions[end].Target is not { } label || !_labels.TryGetValue(label, out int start) || start > end)
                continue;
            Instruction[] loop = _instructions[start..(end + 1)];
            if (IsProduct(loop) && !(shortest?.Length <= loop.Length))
                shortest = loop;
        }
        return shortest is null ? null : BetweenBarriers(shortest);
    }

    /// <summary>The part that multiplies most, if one does; the last part goes on at the loop's begin.</summary>
    private static List<Instruction>? BetweenBarriers(Instruction[] loop)
    {
        int first = Array.FindIndex(loop, IsBarrier);
        var parts = new List<List<Instruction>> { new() };
        foreach (Instruction instruction in loop[Math.Max(first, 0)..].Concat(loop[..Math.Max(first, 0)]))
        {
            if (IsBarrier(instruction))
                parts.Add([]);
            else
                parts[^1].Add(instruction);
        }
        return parts.Where(part => IsProduct(part)).MaxBy(part => part.Count(one => one.Kind == InstructionKind.Fma));
    }

    private static bool IsBarrier(Instruction instruction) => instruction.Kind == InstructionKind.Barrier;

    private static bool IsProduct(IReadOnlyCollection<Instruction> code) =>
        code.Any(one => one.Kind == InstructionKind.Fma) && code.Any(one => one.Kind == InstructionKind.SharedLoad);
}
