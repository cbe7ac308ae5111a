using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Nvidia;

/// <summary>NVIDIA's machine code as <c>nvdisasm -c</c> prints it.</summary>
internal sealed partial class NvidiaInstructions : IInstructionSet
{
    private static readonly HashSet<string> ControlNames =
        ["BRA", "BRX", "JMP", "EXIT", "RET", "CALL", "BSSY", "BSYNC", "BREAK", "BMOV", "WARPSYNC", "NOP", "YIELD",
            "DEPBAR"];

    // Address arithmetic, comparisons and moves; those of the uniform datapath have a U before them. (ptxas moves constants
    // with half-precision multiply-adds of zeros, where the other units are busy.)
    private static readonly HashSet<string> IntegerNames =
    [
        "IADD", "IADD3", "IMAD", "ISETP", "IMNMX", "VIADD", "VIMNMX", "IABS", "LEA", "LOP3", "SHF", "SHL", "SHR", "PRMT", "SEL",
        "SGXT",
        "BMSK", "POPC", "FLO", "BREV", "MOV", "PLOP3", "P2R", "R2P", "R2UR", "S2R", "S2UR", "CS2R", "LDC", "HFMA2",
    ];

    /// <inheritdoc/>
    public string? LabelOf(string line) =>
        line.StartsWith(".L", StringComparison.Ordinal) && line.TrimEnd().EndsWith(':') ? line.TrimEnd().TrimEnd(':') : null;

    /// <summary>Reads a line like <c>/*04d0*/ @P0 BRA `(.L_x_0) ;</c>.</summary>
    public IEnumerable<Instruction> InstructionsOf(string line)
    {
        Match match = Line.Match(line);
        if (!match.Success)
            yield break;
        string opcode = match.Groups["opcode"].Value;
        string[] parts = opcode.Split('.');
        InstructionKind kind = KindOf(parts[0]);
        Match target = Label.Match(match.Groups["operands"].Value);
        yield return new Instruction(opcode, kind, Instruction.IsMemory(kind) ? WidthOf(parts) : 0,
            parts[0].StartsWith("ST", StringComparison.Ordinal),
            parts[0] == "BRA" && target.Success ? target.Groups["label"].Value : null);
    }

    private static InstructionKind KindOf(string name) => name switch
    {
        "FFMA" => InstructionKind.Fma,
        "FADD" or "FMUL" or "FSETP" or "FSEL" or "FMNMX" => InstructionKind.Arithmetic,
        "LDS" => InstructionKind.SharedLoad,
        "STS" => InstructionKind.SharedStore,
        "LDG" or "STG" or "LD" or "ST" => InstructionKind.GlobalMemory,
        "LDL" or "STL" => InstructionKind.Scratch,
        "BAR" => InstructionKind.Barrier,
        _ when ControlNames.Contains(name) => InstructionKind.Control,
        _ when IntegerNames.Contains(name) || IntegerNames.Contains(name.TrimStart('U')) => InstructionKind.Integer,
        _ => InstructionKind.Other,
    };

    private static int WidthOf(string[] parts) => parts switch
    {
        _ when parts.Contains("128") => 128,
        _ when parts.Contains("64") => 64,
        _ when parts.Any(part => part is "U16" or "S16") => 16,
        _ when parts.Any(part => part is "U8" or "S8") => 8,
        _ => 32,
    };

    [GeneratedRegex(@"^\s*/\*[0-9a-f]{4,}\*/\s+(@!?U?P\w+\s+)?(?<opcode>[A-Z][\w.]*)(?<operands>[^;]*);")]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"`\((?<label>\.L\w+)\)")]
    private static partial Regex Label { get; }
}
