using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Amd;

/// <summary>
/// AMD's machine code as clang and llvm-objdump write it: that of GCN and CDNA, and that of RDNA, whose names differ a little.
/// </summary>
internal sealed partial class AmdInstructions : IInstructionSet
{
    /// <inheritdoc/>
    public string? LabelOf(string line) => Label.Match(line) is { Success: true } match ? match.Groups["label"].Value : null;

    /// <summary>
    /// Reads a line like <c>v_dual_fmac_f32 v1, v2, v3 :: v_dual_mul_f32 v4, v5, v6</c>, which is two instructions, as is a
    /// packed one.
    /// </summary>
    public IEnumerable<Instruction> InstructionsOf(string line)
    {
        Match match = Line.Match(line);
        if (!match.Success)
            yield break;
        foreach (string part in line.Split("::"))
        {
            string opcode = part.Split(default(char[]), 2, StringSplitOptions.RemoveEmptyEntries)[0];
            InstructionKind kind = AbsoluteValue.IsMatch(part) ? InstructionKind.Arithmetic : KindOf(opcode);
            Match target = BranchTarget.Match(part);
            var instruction = new Instruction(opcode, kind, Instruction.IsMemory(kind) ? WidthOf(opcode) : 0,
                opcode.Contains("_store", StringComparison.Ordinal),
                kind == InstructionKind.Control && target.Success ? target.Groups["label"].Value : null);
            yield return instruction;
            if (opcode.StartsWith("v_pk_", StringComparison.Ordinal))
                yield return instruction;
        }
    }

    private static InstructionKind KindOf(string opcode) => opcode switch
    {
        _ when Fma.IsMatch(opcode) => InstructionKind.Fma,
        _ when Arithmetic.IsMatch(opcode) => InstructionKind.Arithmetic,
        _ when SharedLoad.IsMatch(opcode) => InstructionKind.SharedLoad,
        _ when SharedStore.IsMatch(opcode) => InstructionKind.SharedStore,
        _ when Global.IsMatch(opcode) => InstructionKind.GlobalMemory,
        _ when Scratch.IsMatch(opcode) => InstructionKind.Scratch,
        _ when opcode.StartsWith("s_barrier", StringComparison.Ordinal) => InstructionKind.Barrier,
        _ when Wait.IsMatch(opcode) => InstructionKind.Wait,
        _ when Control.IsMatch(opcode) => InstructionKind.Control,
        _ when Integer.IsMatch(opcode) => InstructionKind.Integer,
        _ => InstructionKind.Other,
    };

    private static int WidthOf(string opcode)
    {
        int pairs = opcode.Contains("2addr", StringComparison.Ordinal) || PairOfWords.IsMatch(opcode) ? 2 : 1;
        return pairs * opcode switch
        {
            _ when opcode.Contains("128", StringComparison.Ordinal) || opcode.Contains("x4", StringComparison.Ordinal) => 128,
            _ when opcode.Contains("b96", StringComparison.Ordinal) || opcode.Contains("x3", StringComparison.Ordinal) => 96,
            _ when opcode.Contains("b64", StringComparison.Ordinal) || opcode.Contains("x2", StringComparison.Ordinal) => 64,
            _ when Word16.IsMatch(opcode) => 16,
            _ when Word8.IsMatch(opcode) => 8,
            _ => 32,
        };
    }

    [GeneratedRegex(@"^((?<label>\.LBB\w+)|<(?<label>L\d+)>):")]
    private static partial Regex Label { get; }

    [GeneratedRegex(@"^\t[a-z]\w+")]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"\s(?<label>\.LBB\w+|L\d+)\b")]
    private static partial Regex BranchTarget { get; }

    // v_mad_f32 and v_mac_f32 round twice and are not fused.
    [GeneratedRegex(@"^v_(pk_|dual_)?fma(c|ak|mk)?_f32")]
    private static partial Regex Fma { get; }

    [GeneratedRegex(@"^v_(pk_|dual_)?((add|sub|subrev|mul|mad|mac|min|max|med3|min3|max3|cmpx?)_(\w+_)?f32|cndmask_b32)")]
    private static partial Regex Arithmetic { get; }

    // Packed instructions cannot take the absolute value of an operand by themselves.
    [GeneratedRegex(@"\bv_(dual_)?and_b32\S*\s.*\b0x7fffffff\b")]
    private static partial Regex AbsoluteValue { get; }

    [GeneratedRegex("^ds_(load|read)")]
    private static partial Regex SharedLoad { get; }

    [GeneratedRegex("^ds_(store|write)")]
    private static partial Regex SharedStore { get; }

    [GeneratedRegex("^(global|flat)_(load|store)")]
    private static partial Regex Global { get; }

    // Code for HSA addresses with registers that describe a buffer nothing but scratch memory.
    [GeneratedRegex("^(scratch|buffer)_(load|store)")]
    private static partial Regex Scratch { get; }

    [GeneratedRegex("^s_(wait|delay|nop|clause|sleep|inst_prefetch|set_inst_prefetch|sendmsg)|^(buffer|global)_(wb|inv|gl)")]
    private static partial Regex Wait { get; }

    [GeneratedRegex("^s_(c?branch|endpgm|setpc|swappc|call|getpc|\\w*saveexec)")]
    private static partial Regex Control { get; }

    // What is left of the vector unit (moves and integers) and of the scalar one, which also loads arguments.
    [GeneratedRegex(@"^s_(?!\w*_f32)|^v_(?!\w*_f(16|32|64))|^v_(pk_|dual_)?mov_")]
    private static partial Regex Integer { get; }

    [GeneratedRegex("(read|write)2")]
    private static partial Regex PairOfWords { get; }

    [GeneratedRegex("(_[ui]?16|short|_b16)")]
    private static partial Regex Word16 { get; }

    [GeneratedRegex("(_[ui]8|byte|_b8)")]
    private static partial Regex Word8 { get; }
}
