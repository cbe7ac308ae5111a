using System.Text.RegularExpressions;
using ILGPU.Backends;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Kernels;
using IlgpuDistance.Gpu.Profiling;
using IlgpuDistance.Gpu.Tests.Executors;
using Kernel = IlgpuDistance.Gpu.Kernels.Kernel;

namespace IlgpuDistance.Gpu.Tests.Profiling;

public sealed partial class KernelCompilerTests
{
    /// <summary>One of each way to write a kernel; a driver takes seconds to compile all.</summary>
    private static readonly string[] Sample = [
        "linear-forward-bytes-narrow", "offset-l2-paper-parameter-gradient-floats", "softmax-cross-entropy", "step-sgd", "ranks"];

    /// <summary>
    /// ILGPU asks for no later architecture than sm_80 in PTX; the driver's compiler knows which one the device has.
    /// </summary>
    [Theory]
    [InlineData("sm_75", "sm_75")]
    [InlineData("sm_80", "sm_80")]
    [InlineData("sm_90", "sm_80")]
    public void PTX_is_written_for_the_architecture_and_every_kernel(string architecture, string target)
    {
        IReadOnlyList<KernelSource> sources = architecture == "sm_80" ? AllKernels.Ptx : KernelCompiler.CompilePtx(architecture);
        Assert.Equal(KernelCatalogue.All.Select(kernel => kernel.Name), sources.Select(source => source.Kernel));
        foreach (string line in (string[])[$".target {target}", ".maxntid 64, 1, 1", ".minnctapersm 8"])
            Assert.All(sources, source => Assert.Contains(line, source.Text.Split('\n').Select(text => text.Trim())));
    }

    [Fact]
    public void A_newer_driver_gets_the_same_PTX_but_for_its_version()
    {
        IReadOnlyList<KernelSource> newest = KernelCompiler.CompilePtx(CudaArchitecture.SM_80, CudaInstructionSet.ISA_88);
        Assert.Contains(".version 8.8", newest[0].Text, StringComparison.Ordinal);
        Assert.Equal(AllKernels.Ptx.Select(source => Normalised(source.Text)),
            newest.Select(source => Normalised(source.Text)));
    }

    [Fact]
    public void OpenCL_has_no_double() =>
        Assert.All(AllKernels.OpenCl, source => Assert.DoesNotMatch(@"\bdouble\b", source.Text));

    /// <summary>So that devices can do without the generic address space; ILGPU writes every pointer as one of these.</summary>
    [Fact]
    public void OpenCL_has_no_pointer_whose_memory_is_not_said()
    {
        foreach (KernelSource source in AllKernels.OpenCl)
        {
            string[] pointers = [.. Pointer.Matches(source.Text).Select(match => match.Groups["type"].Value)];
            Assert.Contains(pointers, type => type.StartsWith("global ", StringComparison.Ordinal));
            Assert.All(pointers, type => Assert.Matches("^(global|local) ", type));
            // A star that declares no pointer is a product or a place in memory.
            Assert.Equal(
                source.Text.Count(character => character == '*'), pointers.Length + ProductOrPlace.Count(source.Text));
        }
    }

    /// <summary>Without it a compiler has to expect the largest groups that the device has.</summary>
    [Fact]
    public void OpenCL_has_the_size_of_the_groups() =>
        Assert.All(AllKernels.OpenCl, source => Assert.Equal(
            ["kernel __attribute__((reqd_work_group_size(64, 1, 1))) void"],
            KernelHead.Matches(source.Text).Select(match => match.Value)));

    /// <summary>So that a driver that keeps what it compiled need not compile it again.</summary>
    [Fact]
    public void OpenCL_is_the_same_text_each_time() => Assert.Equal(AllKernels.OpenCl, KernelCompiler.CompileOpenCl());

    [Fact]
    public void An_unknown_architecture_is_answered_with_the_known_ones()
    {
        string message = Assert.Throws<InputException>(() => KernelCompiler.CompilePtx("sm_70")).Message;
        Assert.Equal("architecture \"sm_70\": expected sm_75, sm_80, sm_86, sm_89, sm_90", message);
    }

    [SkippableTheory]
    [MemberData(nameof(ExecutorFixture.OnDrivers), MemberType = typeof(ExecutorFixture))]
    public void Without_a_device_the_text_is_what_its_driver_gets(string executor)
    {
        using ComputeDevice device = ExecutorFixture.Open(executor);
        Dictionary<string, string> sources = SourcesFor(device.AcceleratorFor(Tiles.GroupSize))
            .ToDictionary(source => source.Kernel, source => source.Text);
        foreach (Kernel kernel in KernelCatalogue.All.Where(kernel => Sample.Contains(kernel.Name)))
        {
            string source = device.AcceleratorFor(Tiles.GroupSize) switch
            {
                CLAccelerator accelerator => OpenClKernels.Compile(kernel, accelerator).Source,
                var accelerator => ((PTXCompiledKernel)kernel.Compile(accelerator.GetBackend())).PTXAssembly,
            };
            Assert.Equal(Normalised(sources[kernel.Name]), Normalised(source));
        }
    }

    private static IReadOnlyList<KernelSource> SourcesFor(Accelerator accelerator)
    {
        if (accelerator is not CudaAccelerator { Architecture: var architecture })
            return AllKernels.OpenCl;
        string name = architecture.ToString().ToLowerInvariant();
        Skip.IfNot(KernelCompiler.PtxArchitectures.Contains(name), $"PTX is not written for {name}");
        return KernelCompiler.CompilePtx(name);
    }

    /// <summary>
    /// Numbers in names, and the order of instructions that do not depend on each other, ILGPU takes from all that was compiled
    /// before: here names have no numbers and lines are sorted. Lines that enable optional types of a device, and the version
    /// of PTX, are left out.
    /// </summary>
    private static string[] Normalised(string source) =>
    [
        .. Number.Replace(source, "").Split('\n').Select(line => line.Trim())
            .Where(line => line.Length > 0 && !line.StartsWith("#pragma", StringComparison.Ordinal)
                && !line.StartsWith(".version", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>A pointer's type where it is declared: as a type of its own or as a parameter.</summary>
    [GeneratedRegex(@"^(typedef |\t)(?<type>[a-z][\w ]*)\* \w+(;|,|\)?$)", RegexOptions.Multiline)]
    private static partial Regex Pointer { get; }

    [GeneratedRegex(@"\(\w+\) [\w.+-]+ \* +\(\w+\)|= +\* +var\d+;|^\s+\* +var\d+ =", RegexOptions.Multiline)]
    private static partial Regex ProductOrPlace { get; }

    [GeneratedRegex(@"^kernel .*?\bvoid\b", RegexOptions.Multiline)]
    private static partial Regex KernelHead { get; }

    [GeneratedRegex(@"(?<=[A-Za-z_])\d+(?=\b|_)")]
    private static partial Regex Number { get; }
}
