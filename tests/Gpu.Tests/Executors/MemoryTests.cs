using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Errors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Simd;

namespace IlgpuDistance.Gpu.Tests.Executors;

/// <summary>What does not fit into memory is refused before it is taken, with the sizes and what to do.</summary>
public sealed class MemoryTests
{
    private static readonly NetworkPlan Plan = NetworkPlan.Compile(Network.Parse("linear(4096) > abs > linear(3)"), 64, 3);

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void A_network_that_the_device_s_memory_does_not_hold_is_refused_with_the_bytes_and_the_remedies(string executorName)
    {
        using ComputeDevice device = ExecutorFixture.Open(executorName);
        device.MemoryLimit = 1_000_000;
        ExecutorFactory executors = ExecutorFixture.Factory(executorName, device);

        var error = Assert.Throws<MemoryException>(() => executors.Create(Plan));

        // More than the parameters and their gradients: 4 × 2 × (64 · 4096 + 4096 + 4096 · 3 + 3).
        Assert.InRange(error.NeededBytes, 2_228_248, 100_000_000);
        Assert.StartsWith(
            $"\"linear(4096) > abs > linear(3)\" on {device.Selector}", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            $": at least {ByteCount.Text(error.NeededBytes)} of memory are needed, and 1,000,000 bytes are free; use " +
                $"smaller layers, " +
            "smaller batches, another device", error.Message, StringComparison.Ordinal);
        device.MemoryLimit = error.NeededBytes;
        executors.Create(Plan).Dispose();
    }

    [Theory]
    [InlineData(1UL << 46)]
    [InlineData(ulong.MaxValue)]
    public void A_buffer_larger_than_any_memory_or_number_is_refused_before_it_is_touched(ulong length)
    {
        var error = Assert.Throws<MemoryException>(() => new AlignedBuffer<float>((nuint)length));
        Assert.InRange(error.NeededBytes, 1L << 48, long.MaxValue);
    }

    [Theory]
    [MemberData(nameof(ExecutorFixture.All), MemberType = typeof(ExecutorFixture))]
    public void Memory_of_an_accelerator_that_is_not_there_is_refused_in_words(string executorName)
    {
        using ComputeDevice device = ExecutorFixture.Open(executorName);
        var error = Assert.Throws<MemoryException>(() => device.AcceleratorFor(groupSize: 16).Take<float>(1L << 46));
        Assert.Equal(1L << 48, error.NeededBytes);
    }

    [Fact]
    public void An_array_that_the_machine_or_the_runtime_cannot_hold_is_refused_in_words()
    {
        var error = Assert.Throws<MemoryException>(() => HostMemory.Allocate<float>(1L << 46, "figures", MemoryRemedy.LessData));
        Assert.Contains("figures: at least 262,144.0 GiB of memory are needed, and ", error.Message, StringComparison.Ordinal);
        Assert.EndsWith("; use fewer or smaller images, or a machine with more memory", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_size_of_a_worker_s_memory_is_that_of_what_lies_in_it()
    {
        using var workspace = new Workspace(Plan);
        // Input of 64, outputs of 4096, 4096 and 16 with padding, and two gradients of the widest, for 128 samples.
        Assert.Equal(4096 + 128 * (64 + 4096 + 4096 + 16 + 2 * 4096), Workspace.FloatsFor(Plan));
    }
}
