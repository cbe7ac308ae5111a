namespace IlgpuDistance.Checks.Fuzz;

/// <summary>What a damaged input did that none may do.</summary>
/// <param name="Case">The number of the case, from which its input follows.</param>
/// <param name="Target">The name of the target.</param>
/// <param name="Problem">What happened, in one line.</param>
/// <param name="Place">Where, so that one defect is told once; empty where that is not known.</param>
/// <param name="Error">The exception, if it was one.</param>
internal sealed record FuzzFault(long Case, string Target, string Problem, string Place, Exception? Error = null);
