using System.Globalization;

namespace IlgpuDistance.Cli;

/// <summary>Losses as text.</summary>
internal static class LossText
{
    /// <summary>
    /// What is as large as this has more digits than anybody reads, as the losses of a training that diverges do.
    /// </summary>
    private const double Large = 10_000;

    /// <summary>A loss with four decimals, a large one with an exponent: "2.3026", "6.427e18"; at most nine characters.</summary>
    public static string Of(double loss) =>
        loss.ToString(double.IsFinite(loss) && Math.Round(loss, 4) >= Large ? "0.000e0" : "0.0000", CultureInfo.InvariantCulture);
}
