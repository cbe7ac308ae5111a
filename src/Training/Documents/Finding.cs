namespace IlgpuDistance.Training.Documents;

/// <summary>A claim of the paper and what the runs say about it.</summary>
/// <param name="Claim">The claim.</param>
/// <param name="Conditions">Its parts; it holds if all of them do.</param>
internal sealed record Finding(string Claim, IReadOnlyList<Condition> Conditions)
{
    /// <summary>Whether all of it is about models that are no part of the experiment.</summary>
    public bool IsForeign => Conditions.All(condition => condition.IsForeign);

    /// <summary>One part that does not hold refutes the claim; all must hold to support it.</summary>
    public Verdict Verdict =>
        Conditions.Any(condition => condition.Verdict == Verdict.DoesNotHold) ? Verdict.DoesNotHold
        : Conditions.All(condition => condition.Verdict == Verdict.Holds) ? Verdict.Holds
        : Verdict.NotDecided;
}
