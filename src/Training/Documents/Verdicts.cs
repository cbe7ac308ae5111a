namespace IlgpuDistance.Training.Documents;

/// <summary>Verdicts in words.</summary>
internal static class Verdicts
{
    /// <summary>The verdict as reports write it.</summary>
    public static string InWords(this Verdict verdict) => verdict switch
    {
        Verdict.Holds => "holds",
        Verdict.DoesNotHold => "does not hold",
        _ => "not decided by these runs",
    };
}
