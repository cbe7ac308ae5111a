namespace IlgpuDistance.Checks.Compilers;

/// <summary>How a vendor's listings of machine code are read.</summary>
internal interface IInstructionSet
{
    /// <summary>The label that a line defines; null where it defines none.</summary>
    string? LabelOf(string line);

    /// <summary>
    /// What a line tells the device to do: nothing where it is no instruction, and two instructions where one does the work of
    /// two (AMD's dual and packed ones).
    /// </summary>
    IEnumerable<Instruction> InstructionsOf(string line);
}
