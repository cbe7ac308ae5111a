using System.Globalization;
using System.Text.RegularExpressions;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Checks.Races;

/// <summary>A launch, as the line that a simulation writes before its reports.</summary>
/// <param name="Kernel">The kernel's name.</param>
/// <param name="Shape">The sizes.</param>
internal sealed partial record SimulatedLaunch(string Kernel, WorkShape Shape)
{
    /// <summary>Reads a line; null where it is another one.</summary>
    public static SimulatedLaunch? Parse(string line)
    {
        Match match = Line.Match(line);
        return match.Success
            ? new SimulatedLaunch(match.Groups["kernel"].Value,
                new WorkShape(Number(match, "N"), Number(match, "I"), Number(match, "O"), Number(match, "S")))
            : null;
    }

    /// <summary>What launches leave untried: a line for each kernel that has not crossed the edges of its tiles.</summary>
    public static IEnumerable<string> Gaps(IReadOnlyCollection<SimulatedLaunch> launches) => KernelCatalogue.All.SelectMany(
        kernel => Gaps(kernel, [.. launches.Where(launch => launch.Kernel == kernel.Name)]));

    private static IEnumerable<string> Gaps(Kernel kernel, SimulatedLaunch[] launches)
    {
        if (launches.Length == 0)
        {
            yield return $"{kernel.Name}: no case launches it";
        }
        else if (kernel.IsProduct && !launches.Any(launch => launch.Shape is { N: > 64, I: > 16, O: > 16 }))
        {
            yield return $"{kernel.Name}: no case has more samples, inputs and outputs than a tile";
        }
        else if ((kernel == SliceSums.Kernel || StepLaunch.Kernels.Contains(kernel))
            && !launches.Any(launch => launch.Shape.S > 8))
        {
            yield return $"{kernel.Name}: no case has more slices than it adds up at a time";
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"launched {Kernel} N={Shape.N} I={Shape.I} O={Shape.O} S={Shape.S}";

    private static long Number(Match match, string letter) =>
        long.Parse(match.Groups[letter].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^launched (?<kernel>\S+) N=(?<N>\d+) I=(?<I>\d+) O=(?<O>\d+) S=(?<S>\d+)$")]
    private static partial Regex Line { get; }
}
