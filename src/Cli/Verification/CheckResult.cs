namespace IlgpuDistance.Cli.Verification;

/// <summary>A check of a device.</summary>
/// <param name="Title">What was checked.</param>
/// <param name="Passed">Whether nothing is wrong.</param>
/// <param name="Finding">What was found: figures, or what is wrong.</param>
/// <param name="Seconds">What it took.</param>
internal sealed record CheckResult(string Title, bool Passed, string Finding, double Seconds);
