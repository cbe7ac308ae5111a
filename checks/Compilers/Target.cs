namespace IlgpuDistance.Checks.Compilers;

/// <summary>A device that a vendor's compiler knows, and what is wanted of kernels there.</summary>
/// <param name="Name">Its name for the compiler.</param>
internal abstract record Target(string Name)
{
    /// <summary>What hides the latency of memory, in words: warps, waves, or the work-items of an instruction.</summary>
    public abstract string ResidentUnit { get; }

    /// <summary>How many of them there are at most.</summary>
    public abstract int MostResident { get; }

    /// <summary>How many a product must have.</summary>
    public abstract int LeastResident { get; }

    /// <summary>Whether a kernel may need more registers than there are.</summary>
    public virtual bool MaySpill { get; init; }

    /// <summary>Whether its compiler leaves out shared memory that a kernel declares and never reads.</summary>
    public virtual bool DropsUnreadShared => true;

    /// <summary>One line for each thing in a kernel's text that must not be there, whatever is made of it.</summary>
    public abstract IEnumerable<string> SourceProblems(string source);
}
