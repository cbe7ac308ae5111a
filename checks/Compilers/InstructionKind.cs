namespace IlgpuDistance.Checks.Compilers;

/// <summary>What machine instructions are counted as.</summary>
internal enum InstructionKind
{
    /// <summary>A fused multiply-add of float32: the work itself.</summary>
    Fma,

    /// <summary>
    /// Another operation of float32: an addition, multiplication, comparison or selection, of which the steps of prototype
    /// layers consist.
    /// </summary>
    Arithmetic,

    /// <summary>A load from shared memory (AMD: LDS, Intel: SLM).</summary>
    SharedLoad,

    /// <summary>A store to shared memory.</summary>
    SharedStore,

    /// <summary>A load from or store to global memory.</summary>
    GlobalMemory,

    /// <summary>A load from or store to the memory that takes what registers cannot hold.</summary>
    Scratch,

    /// <summary>Integer arithmetic, most of it for addresses and loops, loads of arguments, and moves.</summary>
    Integer,

    /// <summary>Branches.</summary>
    Control,

    /// <summary>Waits until the whole group has come here.</summary>
    Barrier,

    /// <summary>What waits for results of others, or tells the device how long: takes no time of any unit.</summary>
    Wait,

    /// <summary>All else.</summary>
    Other,
}
