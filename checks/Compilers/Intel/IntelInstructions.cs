using System.Globalization;
using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers.Intel;

/// <summary>Intel's machine code as <c>ocloc disasm</c> prints it.</summary>
internal sealed partial class IntelInstructions : IInstructionSet
{
    private static readonly HashSet<string> ControlNames =
        ["jmpi", "goto", "join", "while", "if", "else", "endif", "brd", "brc", "break", "cont", "halt", "call", "calla", "ret"];

    /// <inheritdoc/>
    public string? LabelOf(string line) => Label.Match(line) is { Success: true } match ? match.Groups["label"].Value : null;

    /// <summary>
    /// Reads a line like <c>(~f0.0) goto (8|M0)  L15472  L8688</c>. What a message to memory does stands behind it as a comment.
    /// </summary>
    public IEnumerable<Instruction> InstructionsOf(string line)
    {
        Match match = Line.Match(line);
        if (!match.Success)
            yield break;
        string opcode = match.Groups["opcode"].Value, operands = match.Groups["operands"].Value;
        InstructionKind kind = KindOf(opcode, operands);
        string? target = kind == InstructionKind.Control
            ? BranchTarget.Matches(operands).Select(one => one.Value).MinBy(AddressOf) : null;
        yield return new Instruction(opcode, kind, Instruction.IsMemory(kind) ? WidthOf(operands) : 0,
            StoringMessage.IsMatch(operands), target);
    }

    private static InstructionKind KindOf(string opcode, string operands)
    {
        string name = opcode.Split('.')[0];
        bool onFloats = FloatOperand.IsMatch(operands);
        return name switch
        {
            "mad" when onFloats => InstructionKind.Fma,
            "add" or "mul" or "cmp" or "csel" or "sel" when onFloats => InstructionKind.Arithmetic,
            "send" or "sends" or "sendc" or "sendsc" => KindOfMessage(operands),
            "math" => InstructionKind.Other,
            // What follows the end of a program is padding.
            "nop" or "illegal" => InstructionKind.Wait,
            "sync" => opcode == "sync.bar" ? InstructionKind.Barrier : InstructionKind.Wait,
            _ when ControlNames.Contains(name) => InstructionKind.Control,
            _ => InstructionKind.Integer,
        };
    }

    private static InstructionKind KindOfMessage(string operands)
    {
        string message = operands[Math.Max(operands.LastIndexOf(';'), 0)..];
        bool loads = LoadingMessage.IsMatch(message);
        // What is left ends a thread, signals a barrier or orders accesses.
        if (!loads && !StoringMessage.IsMatch(message))
            return InstructionKind.Control;
        if (message.Contains("scratch", StringComparison.Ordinal))
            return InstructionKind.Scratch;
        if (message.Contains(".slm.", StringComparison.Ordinal) || SharedSurface.IsMatch(operands))
            return loads ? InstructionKind.SharedLoad : InstructionKind.SharedStore;
        // Blocks that all work-items of an instruction share are arguments.
        return BlockLoad.IsMatch(message) ? InstructionKind.Integer : InstructionKind.GlobalMemory;
    }

    private static int WidthOf(string operands)
    {
        if (Components.Match(operands) is { Success: true } components)
            return 32 * components.Groups["xyzw"].Length;
        Match match = Elements.Match(operands);
        int bits = match.Success ? int.Parse(match.Groups["bits"].ValueSpan, CultureInfo.InvariantCulture) : 32;
        return match.Groups["count"] is { Success: true } count ? bits * int.Parse(count.ValueSpan, CultureInfo.InvariantCulture)
            : bits;
    }

    /// <summary>Labels are the distance from the start in bytes.</summary>
    private static int AddressOf(string label) => int.Parse(label.AsSpan(1), CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<label>L\d+):")]
    private static partial Regex Label { get; }

    [GeneratedRegex(@"^(\([^)]*\))?\s+(?<opcode>[a-z][\w.]*)\s*(?<operands>.*)$")]
    private static partial Regex Line { get; }

    [GeneratedRegex(@"\bL\d+\b")]
    private static partial Regex BranchTarget { get; }

    [GeneratedRegex(@":f\b")]
    private static partial Regex FloatOperand { get; }

    [GeneratedRegex(@"; .*(\bread\b|\bload\.)")]
    private static partial Regex LoadingMessage { get; }

    [GeneratedRegex(@"; .*(\bwrite\b|\bstore\.)")]
    private static partial Regex StoringMessage { get; }

    // A message of Xe-HPG to surface 0xFE is one to shared memory; the surface is the last byte of its descriptor.
    [GeneratedRegex(@"0x[0-9A-F]{6}FE\s+\{.*untyped surface")]
    private static partial Regex SharedSurface { get; }

    [GeneratedRegex(@"block read|\.d\d+x\d+t\.")]
    private static partial Regex BlockLoad { get; }

    [GeneratedRegex(@"with (?<xyzw>[xyzw]+)")]
    private static partial Regex Components { get; }

    [GeneratedRegex(@"\.d(?<bits>\d+)(u\d+)?(x(?<count>\d+))?t?\.|(?<bits>8)b$")]
    private static partial Regex Elements { get; }
}
