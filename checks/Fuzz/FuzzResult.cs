namespace IlgpuDistance.Checks.Fuzz;

/// <summary>What came of many damaged inputs.</summary>
/// <param name="Cases">Inputs that were tried.</param>
/// <param name="Refused">Those of them that were refused in words; the others could be read.</param>
/// <param name="Faults">The first fault of each kind and place.</param>
internal sealed record FuzzResult(long Cases, long Refused, IReadOnlyList<FuzzFault> Faults);
