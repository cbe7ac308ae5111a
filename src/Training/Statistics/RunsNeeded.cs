namespace IlgpuDistance.Training.Statistics;

/// <summary>
/// How many runs would decide what those that are there leave open: a sample of more of them has a narrower interval. That is an
/// expectation, for means and deviations as they are now, which more runs will change.
/// </summary>
internal static class RunsNeeded
{
    /// <summary>No larger number is asked for: what takes more has no answer that anybody would pay for.</summary>
    public const int Most = 1000;

    /// <summary>The smallest number of values that decides something; null where not even <see cref="Most"/> do.</summary>
    /// <param name="fewest">The number that is known not to suffice.</param>
    /// <param name="isDecided">Whether a number suffices.</param>
    public static int? Of(int fewest, Predicate<int> isDecided)
    {
        for (int count = fewest + 1; count <= Most; count++)
        {
            if (isDecided(count))
                return count;
        }
        return null;
    }
}
