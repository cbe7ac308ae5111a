namespace IlgpuDistance.Training.Documents;

/// <summary>One measurable part of a claim.</summary>
/// <param name="Statement">What must be true, with its threshold.</param>
/// <param name="Verdict">Whether it is.</param>
/// <param name="Evidence">The figures that decide it, or why they do not.</param>
internal sealed record Condition(string Statement, Verdict Verdict, string Evidence);
