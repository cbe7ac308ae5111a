using CommandLine;
using IlgpuDistance.Bench.Products;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;

namespace IlgpuDistance.Bench.Verbs;

[Verb("products",
    HelpText = "Time the tiled matrix products of a device against plain kernels with one work-item per result, in turns.")]
internal sealed class ProductsVerb : BenchVerb
{
    /// <summary>
    /// Largest difference of results, relative to the largest value, that rounding explains: the plain sums have thousands of
    /// terms.
    /// </summary>
    private const double Tolerance = 1e-4;

    [Option("device", Default = "auto", HelpText = "auto, cpu, cuda, opencl, cuda:N or opencl:N.")]
    public string Device { get; set; } = "";

    [Option("force-opencl", HelpText = "Use also an OpenCL device that offers only OpenCL 1.2.")]
    public bool ForceOpenCl { get; set; }

    [Option("rows", Default = 8192, HelpText = "Samples.")]
    public int Rows { get; set; }

    [Option("repeats", Default = 7, HelpText = "Measurements of each.")]
    public int Repeats { get; set; }

    public override int Run()
    {
        if (Rows is < 1 or > 1 << 20)
            throw new InputException($"--rows {Rows}: expected 1 to {1 << 20}");
        if (Repeats < 1)
            throw new InputException($"--repeats {Repeats}: expected 1 or more");
        using ComputeDevice device = ComputeDevice.Open(Device, forceOpenCl: ForceOpenCl);
        Report.Line($"{device.Name} ({device.Selector}); products of the MNIST network for {Rows:N0} samples:");
        bool agreed = true;
        var rows = new List<string[]>();
        double plainSeconds = 0, tiledSeconds = 0, flop = 0;
        foreach (var (inputs, outputs, isBytes) in new[] { (784, 128, true), (128, 10, false) })
        {
            using var layer = new LayerProducts(device, Rows, inputs, outputs, isBytes);
            foreach (Product product in layer.Products)
            {
                Report.Note($"{product.Name} {product.Shape}");
                var (plain, tiled) = product.Measure(device.AcceleratorFor(Tiles.GroupSize), Repeats);
                rows.Add(Row(product.Name, product.Shape, product.Flop, plain.Median, tiled.Median));
                plainSeconds += plain.Median;
                tiledSeconds += tiled.Median;
                flop += product.Flop;
                double difference = product.Difference();
                // Written so that a difference that is no number is wrong, too.
                if (!(difference < Tolerance))
                {
                    agreed = false;
                    Report.Line($"WRONG: {product.Name} {product.Shape}: the results differ by {difference:g3} of the largest");
                }
            }
        }
        rows.Add(Row("all", "", flop, plainSeconds, tiledSeconds));
        Report.Table(
            2, ["Product", "Layer", "Plain, ms", "Tiled, ms", "Plain, GFLOP/s", "Tiled, GFLOP/s", "Plain ÷ tiled"], rows);
        Report.Line($"Median of {Repeats}, in turns. dotnet run -c Release --project bench -- products --device " +
            $"{Device}{(ForceOpenCl ? " --force-opencl" : "")} --rows {Rows} --repeats {Repeats}");
        return agreed ? 0 : 1;
    }

    private static string[] Row(string name, string shape, double flop, double plain, double tiled) =>
    [
        name, shape, Report.Number(1000 * plain, 3), Report.Number(1000 * tiled, 3), Report.Number(flop / plain / 1e9, 2),
        Report.Number(flop / tiled / 1e9, 2), Report.Number(plain / tiled, 2),
    ];
}
