namespace IlgpuDistance.Checks.Ptx;

/// <summary>What machine instructions are counted as.</summary>
internal enum InstructionKind
{
    /// <summary>A fused multiply-add of float32: the work itself.</summary>
    Ffma,

    /// <summary>An addition, multiplication, comparison or selection of float32.</summary>
    FaddOrFmul,

    /// <summary>A load from shared memory.</summary>
    SharedLoad,

    /// <summary>A store to shared memory.</summary>
    SharedStore,

    /// <summary>A load from or store to global memory.</summary>
    GlobalMemory,

    /// <summary>Integer arithmetic, most of it for addresses and loops, and moves.</summary>
    Integer,

    /// <summary>Branches and barriers.</summary>
    Control,

    /// <summary>All else.</summary>
    Other,
}
