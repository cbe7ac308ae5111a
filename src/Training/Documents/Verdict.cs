namespace IlgpuDistance.Training.Documents;

/// <summary>What runs say about a claim.</summary>
internal enum Verdict
{
    /// <summary>The runs do not suffice, or models are missing.</summary>
    NotDecided,

    /// <summary>The runs support it.</summary>
    Holds,

    /// <summary>The runs contradict it.</summary>
    DoesNotHold,
}
