using System.Reflection;
using System.Text.RegularExpressions;
using ILGPU;
using ILGPU.Backends.EntryPoints;
using ILGPU.Backends.OpenCL;
using ILGPU.Backends.PTX;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Tests.Executors;
using Group = ILGPU.Group;

namespace IlgpuDistance.Gpu.Tests.Kernels;

public sealed class LocalBarrierTests(ExecutorFixture devices) : IClassFixture<ExecutorFixture>
{
    private const int Size = 16, Rounds = 50;

    /// <summary>In each round, each work-item takes the sum of the values of its next two neighbours, modulo 2^32.</summary>
    private static void ExchangeKernel(ArrayView<uint> x, int rounds)
    {
        ArrayView<uint> tile = SharedMemory.Allocate<uint>(Size);
        int i = Group.IdxX;
        uint value = x[i];
        for (int round = 0; round < rounds; round++)
        {
            tile[i] = value;
            LocalBarrier.Wait();
            uint first = tile[(i + 1) % Size], second = tile[(i + 2) % Size];
            LocalBarrier.Wait();
            value = first + second;
        }
        x[i] = value;
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.Kernels), MemberType = typeof(ExecutorFixture))]
    public void Work_items_exchange_values_through_shared_memory(string executorName)
    {
        uint[] start = [.. Enumerable.Range(0, Size).Select(i => (uint)(i * i))], expected = start;
        for (int round = 0; round < Rounds; round++)
            expected = [.. expected.Select((_, i) => expected[(i + 1) % Size] + expected[(i + 2) % Size])];

        Accelerator accelerator = devices.Device(executorName).AcceleratorFor(Size);
        using MemoryBuffer1D<uint, Stride1D.Dense> x = accelerator.Allocate1D(start);
        accelerator.LoadStreamKernel<ArrayView<uint>, int>(ExchangeKernel)(new KernelConfig(1, Size), x.View, Rounds);
        Assert.Equal(expected, x.GetAsArray1D());
    }

    [Fact]
    public void In_PTX_both_loads_stay_between_the_barriers()
    {
        using Context context = DeviceContext.Create();
        using var backend = new PTXBackend(context, CudaArchitecture.SM_80, CudaInstructionSet.ISA_75, null!);
        string source = ((PTXCompiledKernel)backend.Compile(Description, default)).PTXAssembly;
        Assert.Equal(
            ["st.shared", "bar.sync", "ld.shared", "ld.shared", "bar.sync"],
            Regex.Matches(source, @"st\.shared|ld\.shared|bar\.sync|membar").Select(match => match.Value));
    }

    [Fact]
    public void In_OpenCL_the_barriers_order_shared_memory_and_both_loads_stay_between_them()
    {
        using Context context = DeviceContext.Create();
        var capabilities = new CLCapabilityContext(
            float16: false, float64: false, genericAddressSpace: true, int64_Atomics: false, subGroups: false);
        using var backend = new CLBackend(context, capabilities, CLDeviceVendor.Other, CLCVersion.CL20);
        string source = ((CLCompiledKernel)backend.Compile(Description, default)).Source;
        string[] operations = [.. Regex.Matches(source, @"\w*barrier[^;]*|= +\* +var")
            .Select(match => match.Value.Replace(" ", ""))];
        const string Barrier = "barrier(CLK_LOCAL_MEM_FENCE|CLK_GLOBAL_MEM_FENCE)";
        Assert.Equal(["=*var", Barrier, "=*var", "=*var", Barrier], operations);
    }

    private static EntryPointDescription Description => EntryPointDescription.FromExplicitlyGroupedKernel(
        typeof(LocalBarrierTests).GetMethod(nameof(ExchangeKernel), BindingFlags.Static | BindingFlags.NonPublic)!);
}
