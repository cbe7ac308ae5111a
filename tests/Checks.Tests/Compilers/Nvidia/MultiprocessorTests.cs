using IlgpuDistance.Checks.Compilers.Nvidia;
using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Checks.Tests.Compilers.Nvidia;

public sealed class MultiprocessorTests
{
    /// <summary>Worked out by hand from the limits; each row is bound by another of them.</summary>
    [Theory]
    [InlineData("sm_80", 64, 128, 0, 16)] // registers: 4,096 a warp, 4 of them in each of four files of 16,384
    [InlineData("sm_80", 64, 97, 0, 16)] // registers: 97 × 32 = 3,104, in units of 256 3,328, 4 in each file
    [InlineData("sm_80", 64, 96, 0, 20)] // registers: 3,072, 5 in each file
    [InlineData("sm_80", 64, 16, 0, 64)] // groups: 32 of 2 warps
    [InlineData("sm_86", 64, 16, 0, 32)] // groups: 16 of 2 warps
    [InlineData("sm_89", 64, 16, 0, 48)] // groups: 24 of 2 warps
    [InlineData("sm_75", 256, 64, 0, 32)] // warps
    [InlineData("sm_75", 64, 32, 16384, 8)] // shared memory: 4 × 16 KiB of 64
    [InlineData("sm_80", 64, 32, 16384, 18)] // shared memory: 9 × 17 KiB of 164
    [InlineData("sm_90", 96, 32, 0, 63)] // warps: 21 groups of 3
    public void Occupancy_is_bound_by_the_scarcest_resource(
        string architecture, int groupSize, int registers, int sharedBytes, int warps) =>
        Assert.Equal(warps, Multiprocessor.All.Single(one => one.Name == architecture).ResidentWarps(
            groupSize, registers, sharedBytes));

    [Fact]
    public void Every_architecture_that_PTX_is_written_for_is_checked() =>
        Assert.Equal(KernelCompiler.PtxArchitectures, Multiprocessor.All.Select(one => one.Name));
}
