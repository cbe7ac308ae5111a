using ILGPU.Runtime;

namespace IlgpuDistance.Bench.Products;

/// <summary>A matrix product, computed by the plain kernel and by the tiled one.</summary>
/// <param name="Name">Which of the three products of Linear.</param>
/// <param name="Shape">Inputs and outputs of the layer.</param>
/// <param name="Flop">Additions and multiplications.</param>
/// <param name="Plain">Launches the plain kernel.</param>
/// <param name="Tiled">Launches the tiled kernel, and what else it needs for the same result.</param>
/// <param name="PlainResult">What the plain kernel has written.</param>
/// <param name="TiledResult">What the tiled kernel has written, in the same layout.</param>
internal sealed record Product(
    string Name, string Shape, double Flop, Action Plain, Action Tiled, Func<float[]> PlainResult, Func<float[]> TiledResult)
{
    /// <summary>Time that a measurement takes at least: short launches are repeated.</summary>
    private const double ShortestSeconds = 0.01;

    /// <summary>
    /// Times both in turns, so that whatever else the machine does slows down both alike; in seconds per product.
    /// </summary>
    /// <param name="accelerator">Where they run.</param>
    /// <param name="repeats">Measurements of each.</param>
    public (Timings Plain, Timings Tiled) Measure(Accelerator accelerator, int repeats)
    {
        // Each compiles and runs once before its own time decides how often it is repeated.
        Timings plain = new(), tiled = new();
        int plainCalls = Calls(accelerator, Plain), tiledCalls = Calls(accelerator, Tiled);
        for (int i = 0; i < repeats; i++)
        {
            plain.Add(Seconds(accelerator, Plain, plainCalls));
            tiled.Add(Seconds(accelerator, Tiled, tiledCalls));
        }
        return (plain, tiled);
    }

    /// <summary>The largest difference of the two results, relative to the largest value.</summary>
    public double Difference()
    {
        float[] plain = PlainResult(), tiled = TiledResult();
        double largest = plain.Max(value => Math.Abs((double)value));
        return plain.Zip(tiled, (p, t) => Math.Abs((double)p - t)).Max() / largest;
    }

    private static int Calls(Accelerator accelerator, Action launch)
    {
        Seconds(accelerator, launch, 1);
        return Math.Max(1, (int)(ShortestSeconds / Seconds(accelerator, launch, 1)));
    }

    private static double Seconds(Accelerator accelerator, Action launch, int calls)
    {
        var timings = new Timings();
        timings.Time(() =>
        {
            for (int call = 0; call < calls; call++)
                launch();
            accelerator.Synchronize();
        });
        return timings.Median / calls;
    }
}
