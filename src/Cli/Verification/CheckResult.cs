namespace IlgpuDistance.Cli.Verification;

/// <summary>How a check ended.</summary>
internal enum CheckOutcome
{
    Passed,
    Failed,
}

/// <summary>A check of a device.</summary>
/// <param name="Title">What was checked.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Finding">What was found: figures, or what is wrong.</param>
/// <param name="Seconds">What it took.</param>
internal sealed record CheckResult(string Title, CheckOutcome Outcome, string Finding, double Seconds);
