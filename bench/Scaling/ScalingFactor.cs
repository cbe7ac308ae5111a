using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Bench.Scaling;

/// <summary>What may make an epoch dear out of proportion to its work.</summary>
/// <param name="Name">As <c>--factors</c> names it.</param>
/// <param name="Title">What its numbers are.</param>
/// <param name="Values">The values to measure; that of the main case among them.</param>
/// <param name="Main">The value of the main case.</param>
/// <param name="With">The main case with another value.</param>
/// <param name="Reason">Why a value may cost more than twice as much; null where no reason is known.</param>
internal sealed record ScalingFactor(
    string Name, string Title, int[] Values, int Main, Func<ScalingCase, int, ScalingCase> With, Func<int, string?> Reason)
{
    /// <summary>All factors.</summary>
    public static IReadOnlyList<ScalingFactor> All(ScalingCase main) =>
    [
        new("width", "width of the hidden layer", [16, 32, 64, 128, 256, 512, 1024, 2048], main.Width,
            (@case, value) => @case with { Width = value },
            value => value <= 16 ? "looking up a pixel outweighs its 16 products; softmax" : null),
        new("depth", "hidden layers", [1, 2, 3, 4, 6, 8], main.Depth,
            (@case, value) => @case with { Depth = value }, _ => null),
        new("samples", "samples", [1000, 3000, 10_000, 30_000, 60_000, 150_000, 500_000], main.Samples,
            (@case, value) => @case with { Samples = value },
            value => FewBlocks(value, main.Threads)),
        new("pixels", "pixels of a side", [8, 14, 20, 28, 40, 64], main.Side,
            (@case, value) => @case with { Side = value }, _ => null),
        new("density", "pixels that are not zero, %", [5, 10, 19, 35, 50, 70, 85, 100], main.Density,
            (@case, value) => @case with { Density = value }, _ => null),
        new("batch", "samples per step", [16, 64, 256, 1024, 4096, 16_384, main.Samples], main.Samples,
            (@case, value) => @case with { BatchSize = value },
            value => FewBlocks(value, main.Threads)),
        new("threads", "threads", [.. ThreadCounts(main.Threads)], main.Threads,
            (@case, value) => @case with { Threads = value }, _ => null),
    ];

    /// <summary>Those that are named, in the order of <see cref="All"/>.</summary>
    /// <exception cref="InputException">There is none of a name.</exception>
    public static IReadOnlyList<ScalingFactor> Named(IEnumerable<string> names, ScalingCase main)
    {
        IReadOnlyList<ScalingFactor> all = All(main);
        string[] wanted = [.. names];
        foreach (string name in wanted)
        {
            if (!all.Any(factor => factor.Is(name)))
                throw new InputException($"--factors {name}: expected some of {string.Join(", ", all.Select(one => one.Name))}");
        }
        return wanted.Length == 0 ? all : [.. all.Where(factor => wanted.Any(factor.Is))];
    }

    private bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string? FewBlocks(int samples, int threads) => samples <= (threads - 1) * Block.Size
        ? "latency: threads wait for each other, and all parameters step, whatever the batch"
        : null;

    private static IEnumerable<int> ThreadCounts(int all)
    {
        for (int threads = 1; threads < all; threads *= 2)
            yield return threads;
        yield return all;
    }
}
