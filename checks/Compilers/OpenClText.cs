using System.Text.RegularExpressions;

namespace IlgpuDistance.Checks.Compilers;

/// <summary>What must not be in a kernel as OpenCL C.</summary>
internal static partial class OpenClText
{
    /// <summary>One line for each thing in the text that not every device has.</summary>
    public static IEnumerable<string> Problems(string source)
    {
        if (Forbidden.Matches(source) is [var first, ..])
            yield return $"OpenCL C has {first.Value}: no float64, no atomics, no sub-group functions";
    }

    [GeneratedRegex(@"\bdouble\d*\b|\batom(ic)?_\w+|\bsub_group_\w+|\bintel_sub_group_\w+")]
    private static partial Regex Forbidden { get; }
}
