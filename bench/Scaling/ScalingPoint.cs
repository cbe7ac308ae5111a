namespace IlgpuDistance.Bench.Scaling;

/// <summary>What was measured for one value of a factor.</summary>
/// <param name="Factor">The factor.</param>
/// <param name="Value">Its value.</param>
/// <param name="Flop">Useful operations of an epoch.</param>
/// <param name="Seconds">Seconds of an epoch; the median.</param>
/// <param name="Costs">
/// Time of all threads per useful operation, relative to that of the main case before and after: one for each measurement.
/// </param>
internal sealed record ScalingPoint(ScalingFactor Factor, int Value, double Flop, double Seconds, Timings Costs)
{
    /// <summary>What costs more than this, relative to the main case, is to have a reason.</summary>
    public const double Limit = 2;

    public bool IsDear => Costs.Median > Limit;
}
