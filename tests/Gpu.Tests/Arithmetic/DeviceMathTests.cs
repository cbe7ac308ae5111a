using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends;
using ILGPU.Runtime;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Arithmetic;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Tests.Executors;
using IlgpuDistance.Gpu.Tests.Profiling;
using Group = ILGPU.Group;

namespace IlgpuDistance.Gpu.Tests.Arithmetic;

public sealed partial class DeviceMathTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    public readonly record struct Arguments(
        ArrayView<float> A, ArrayView<float> B, ArrayView<float> C, ArrayView<float> Fused, ArrayView<float> Apart);

    private static readonly Kernel<Arguments> Sums = new(SumsKernel)
    {
        Name = "test-multiply-add",
        Operation = "a b + c, rounded once and twice",
        Flop = "4 I",
        Bytes = "20 I",
    };

    private static void SumsKernel(Arguments p)
    {
        int n = Group.IdxX;
        p.Fused[n] = DeviceMath.MultiplyAdd(p.A[n], p.B[n], p.C[n]);
        p.Apart[n] = DeviceMath.Multiply(p.A[n], p.B[n]) + p.C[n];
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.Kernels), MemberType = typeof(ExecutorFixture))]
    public void A_multiply_add_is_rounded_once_and_a_product_before_it_is_added(string executor)
    {
        Accelerator accelerator = devices.Device(executor).AcceleratorFor(Tiles.GroupSize);
        var (a, b, c) = Factors();
        var (fused, apart) = Run(accelerator, Sums.Load(accelerator), a, b, c);

        float[] once = [.. a.Select((x, i) => MathF.FusedMultiplyAdd(x, b[i], c[i]))];
        float[] twice = [.. a.Select((x, i) => (float)(x * b[i]) + c[i])];
        Assert.NotEqual(once, twice);
        if (accelerator is not CLAccelerator { Device: var device } || OpenClFeatures.Of(device).HasFma)
            Assert.Equal(once, fused);
        Assert.Equal(twice, apart);
    }

    [SkippableFact]
    public void An_OpenCL_device_that_reports_no_fma_multiplies_and_adds()
    {
        Accelerator accelerator = devices.Device("opencl").AcceleratorFor(Tiles.GroupSize);
        Skip.IfNot(accelerator is CLAccelerator, "the device is not driven by OpenCL");
        var (a, b, c) = Factors();
        using ILGPU.Runtime.Kernel kernel = accelerator.LoadKernel(
            Sums.Compile(accelerator.GetBackend(), new(HasFma: false, LeastSubGroup: null)));
        var launch = kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, Arguments>>();
        var (sums, _) = Run(accelerator, (config, arguments) => launch(accelerator.DefaultStream, config, arguments), a, b, c);
        // However often it rounds: c has half the size of the product, so that the sum is no smaller than that.
        Assert.All(
            sums.Select((sum, i) => Math.Abs(sum / ((double)a[i] * b[i] + c[i]) - 1)),
            error => Assert.InRange(error, 0, 3e-7));
    }

    [Fact]
    public void In_PTX_no_product_is_left_that_a_sum_could_be_fused_with()
    {
        Assert.Equal(1, Fusible("\tmul.f32\t%f3, %f1, %f2;\n\tld.global.f32\t%f5, [%rd1];\n\tsub.f32\t%f4, %f5, %f3;\n"));
        Assert.Equal(0, Fusible("\tmul.rn.f32\t%f3, %f1, %f2;\n\tadd.f32\t%f4, %f3, %f1;\n"));
        Assert.All(
            AllKernels.Ptx,
            source => Assert.Equal((source.Kernel, 0), (source.Kernel, Fusible(source.Text))));
    }

    /// <summary>The pairs that NVIDIA's assembler would fuse: sums of a product that is not said to be rounded.</summary>
    private static int Fusible(string ptx)
    {
        HashSet<string> products = [];
        int count = 0;
        foreach (Match operation in FloatOperation.Matches(ptx))
        {
            string[] operands = [.. Register.Matches(operation.Value).Select(match => match.Value)];
            string name = operation.Value.Split('\t', ' ')[0];
            if (name is "add.f32" or "sub.f32" && products.Overlaps(operands.Skip(1)))
                count++;
            if (name == "mul.f32")
                products.Add(operands[0]);
            else
                products.Remove(operands[0]);
        }
        return count;
    }

    private static (float[] A, float[] B, float[] C) Factors()
    {
        var random = new Random(1);
        float[] Draw() => [.. Enumerable.Range(0, Tiles.GroupSize).Select(_ => 1 + random.NextSingle())];
        float[] a = Draw(), b = Draw();
        return (a, b, [.. a.Select((x, i) => -0.5f * x * b[i] * random.NextSingle())]);
    }

    private static (float[] Fused, float[] Apart) Run(
        Accelerator accelerator, Action<KernelConfig, Arguments> launch, float[] a, float[] b, float[] c)
    {
        using MemoryBuffer1D<float, Stride1D.Dense> onA = accelerator.Allocate1D(a), onB = accelerator.Allocate1D(b),
            onC = accelerator.Allocate1D(c), fused = accelerator.Allocate1D<float>(a.Length),
            apart = accelerator.Allocate1D<float>(a.Length);
        launch(new KernelConfig(1, Tiles.GroupSize), new Arguments(onA.View, onB.View, onC.View, fused.View, apart.View));
        return (fused.GetAsArray1D(), apart.GetAsArray1D());
    }

    /// <summary>Operations with a register for float32 in front, with all their registers.</summary>
    [GeneratedRegex(@"(?<=^[ \t]*)(?!st\.)[a-z][\w.]*\s+\{?%f\d+.*$", RegexOptions.Multiline)]
    private static partial Regex FloatOperation { get; }

    [GeneratedRegex(@"%f\d+")]
    private static partial Regex Register { get; }
}
