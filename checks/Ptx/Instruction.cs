using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Ptx;

/// <summary>One machine instruction as nvdisasm prints it.</summary>
/// <param name="Opcode">With its modifiers: <c>LDS.U.128</c>.</param>
/// <param name="Target">The label that a branch names; null for other instructions.</param>
internal sealed partial record Instruction(string Opcode, string? Target)
{
    /// <summary>The opcode without modifiers.</summary>
    public string Name => Opcode.Split('.')[0];

    /// <summary>Bits that a load or store moves for each work-item.</summary>
    public int Width => Opcode.Split('.') switch
    {
        var parts when parts.Contains("128") => 128,
        var parts when parts.Contains("64") => 64,
        var parts when parts.Any(part => part is "U16" or "S16") => 16,
        var parts when parts.Any(part => part is "U8" or "S8") => 8,
        _ => 32,
    };

    /// <summary>What kind of work it is.</summary>
    public InstructionKind Kind => Name switch
    {
        "FFMA" => InstructionKind.Ffma,
        // Comparisons and selections of float32 are what the step of a prototype layer with absolute values is made of.
        "FADD" or "FMUL" or "FSETP" or "FSEL" or "FMNMX" => InstructionKind.FaddOrFmul,
        "LDS" => InstructionKind.SharedLoad,
        "STS" => InstructionKind.SharedStore,
        "LDG" or "STG" or "LD" or "ST" => InstructionKind.GlobalMemory,
        _ when ControlNames.Contains(Name) => InstructionKind.Control,
        _ when IntegerNames.Contains(Name) || IntegerNames.Contains(Name.TrimStart('U')) => InstructionKind.Integer,
        _ => InstructionKind.Other,
    };

    private static readonly HashSet<string> ControlNames =
        ["BRA", "BRX", "JMP", "EXIT", "RET", "CALL", "BSSY", "BSYNC", "BREAK", "BMOV", "BAR", "WARPSYNC", "NOP", "YIELD",
            "DEPBAR"];

    // Address arithmetic, comparisons and moves; those of the uniform datapath have a U before them. (ptxas moves constants
    // with half-precision multiply-adds of zeros, where the other units are busy.)
    private static readonly HashSet<string> IntegerNames =
    [
        "IADD", "IADD3", "IMAD", "ISETP", "IMNMX", "VIADD", "VIMNMX", "IABS", "LEA", "LOP3", "SHF", "SHL", "SHR", "PRMT", "SEL",
        "SGXT",
        "BMSK", "POPC", "FLO", "BREV", "MOV", "PLOP3", "P2R", "R2P", "R2UR", "S2R", "S2UR", "CS2R", "LDC", "HFMA2",
    ];

    /// <summary>Reads a line like <c>/*04d0*/ @P0 BRA `(.L_x_0) ;</c>; null where it is something else.</summary>
    public static Instruction? Parse(string line)
    {
        Match match = Line.Match(line);
        if (!match.Success)
            return null;
        Match target = Label.Match(match.Groups["operands"].Value);
        return new Instruction(match.Groups["opcode"].Value, target.Success ? target.Groups["label"].Value : null);
    }

    [GeneratedRegex(@"^\s*/\*[0-9a-f]{4,}\*/\s+(@!?U?P\w+\s+)?(?<opcode>[A-Z][\w.]*)(?<operands>[^;]*);")]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"`\((?<label>\.L\w+)\)")]
    private static partial Regex Label { get; }
}
