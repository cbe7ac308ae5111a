using ILGPU;
using ILGPU.Runtime;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Tests.Executors;

namespace IlgpuDistance.Gpu.Tests.Kernels;

public sealed class EqualBitsTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    // More rows than a tile of either kind has, two slices of them, and widths that end within a tile.
    private const int Rows = 131, SliceRows = 80, Inputs = 69;

    /// <summary>
    /// Products and sums are rounded alike everywhere. OffsetL2 has a root and a division besides, for which OpenCL allows errors
    /// of some units in the last place.
    /// </summary>
    [SkippableTheory]
    [InlineData("linear(70)")]
    [InlineData("linear(10)")]
    [InlineData("offset-l1(10)")]
    [InlineData("point-slope(10)")]
    public void Products_and_sums_have_the_bits_of_the_CPU_on_every_device(string layer)
    {
        PlannedLayer planned = NetworkPlan.Compile(Network.Parse(layer), Inputs, Network.Parse(layer).Layers[0] switch
        {
            Linear linear => linear.Outputs,
            PrototypeLayer prototypes => prototypes.Outputs,
            var other => throw new NotSupportedException($"{other}"),
        }).Layers[0];
        float[] expected = Run("kernels", planned);
        Assert.All(expected, value => Assert.True(float.IsFinite(value)));
        string[] drivers = [.. ExecutorFixture.Names.Intersect(ExecutorFixture.Drivers)];
        Skip.If(drivers.Length == 0, "no device besides the CPU");
        foreach (string driver in drivers)
            Assert.Equal(expected, Run(driver, planned));
    }

    /// <summary>The outputs, the slices of the parameters' gradients and the input's gradient of random values.</summary>
    private float[] Run(string executor, PlannedLayer planned)
    {
        var random = new Random(7);
        Accelerator accelerator = devices.Device(executor).AcceleratorFor(Tiles.GroupSize);
        LayerKernels kernels = planned.Layer.Accept(new KernelsMaker(planned, new KernelQueue(accelerator)));
        float[] Padded(int rows, int width, int stride) =>
            [.. Enumerable.Range(0, rows * stride).Select(n => n % stride < width ? 2 * random.NextSingle() - 1 : 0)];

        int slices = (Rows + SliceRows - 1) / SliceRows, length = 4 * kernels.Length4;
        float[] values = new float[planned.Tensors.Sum(tensor => tensor.DeviceCount)];
        foreach (ParameterTensor tensor in planned.Tensors)
        {
            for (int n = 0; n < tensor.DeviceCount; n++)
                values[tensor.DeviceOffset + n] = 2 * random.NextSingle() - 1;
        }
        using MemoryBuffer1D<float, Stride1D.Dense>
            parameters = accelerator.Allocate1D(values),
            x = accelerator.Allocate1D(Padded(Rows, planned.Inputs, planned.InputStride)),
            dx = accelerator.Allocate1D<float>(Rows * planned.InputStride),
            y = accelerator.Allocate1D<float>(Rows * planned.OutputStride),
            dy = accelerator.Allocate1D(Padded(Rows, planned.Outputs, planned.OutputStride)),
            sums = accelerator.Allocate1D<float>(slices * length);
        sums.MemSetToZero();
        LayerInput input = LayerInput.Stored(x.View, planned.InputStride, Rows, new Activation(1, -1));

        kernels.Forward(input, y.View, parameters.View);
        ArrayView<Float4> slicesView = sums.View.AsContiguous().Cast<Float4>();
        // Twice, so that the second adds to the first.
        for (int adds = 0; adds < 2; adds++)
        {
            kernels.ParameterGradient(input, y.View, dy.View, parameters.View,
                new GradientSlices(slicesView, kernels.Length4, kernels.First4, SliceRows, adds));
        }
        kernels.InputGradient(input, y.View, dy.View, dx.View, parameters.View);
        return [.. y.GetAsArray1D(), .. sums.GetAsArray1D(), .. dx.GetAsArray1D()];
    }
}
