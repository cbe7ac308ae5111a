namespace IlgpuDistance.Training.Documents;

/// <summary>One measurable part of a claim.</summary>
/// <param name="Statement">What must be true, with its threshold.</param>
/// <param name="Verdict">Whether it is.</param>
/// <param name="Evidence">The figures that decide it, or why they do not.</param>
internal sealed record Condition(string Statement, Verdict Verdict, string Evidence)
{
    /// <summary>What it would take to decide it, with which the evidence ends; empty where it is decided.</summary>
    public string Lacks { get; private init; } = "";

    /// <summary>Whether it is about models that are no part of the experiment, which says nothing about it.</summary>
    public bool IsForeign { get; init; }

    /// <summary>A condition that is not decided.</summary>
    /// <param name="statement">What must be true.</param>
    /// <param name="figures">The figures that there are; empty where there are none.</param>
    /// <param name="lacks">What it would take to decide it.</param>
    public static Condition Open(string statement, string figures, string lacks) =>
        new(statement, Verdict.NotDecided, figures.Length > 0 ? $"{figures}; {lacks}" : lacks) { Lacks = lacks };
}
