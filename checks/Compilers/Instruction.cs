namespace IlgpuDistance.Checks.Compilers;

/// <summary>One machine instruction.</summary>
/// <param name="Opcode">With its modifiers, as the listing has it: <c>LDS.U.128</c>, <c>ds_load_b128</c>.</param>
/// <param name="Kind">What kind of work it is.</param>
/// <param name="Width">Bits that a load or store moves for each work-item; 0 for other instructions.</param>
/// <param name="Stores">Whether it stores to memory.</param>
/// <param name="Target">The label that a branch may go to, the earliest of several; null for other instructions.</param>
internal sealed record Instruction(string Opcode, InstructionKind Kind, int Width = 0, bool Stores = false,
    string? Target = null)
{
    /// <summary>Whether it loads from memory or stores to it.</summary>
    public static bool IsMemory(InstructionKind kind) => kind is InstructionKind.SharedLoad or InstructionKind.SharedStore
        or InstructionKind.GlobalMemory or InstructionKind.Scratch;
}
