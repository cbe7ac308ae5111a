using IlgpuDistance.Checks.Compilers.Amd;

namespace IlgpuDistance.Checks.Tests.Compilers.Amd;

public sealed class AmdGpuTests
{
    /// <summary>
    /// What clang 19 itself writes as the occupancy of kernels with groups of 64, or for the last of 256.
    /// </summary>
    [Theory]
    [InlineData("gfx906", 64, 100, 8704, 2)] // both
    [InlineData("gfx906", 64, 133, 8704, 1)] // registers: one wave of 136 of 256
    [InlineData("gfx906", 64, 48, 0, 5)] // registers
    [InlineData("gfx90a", 64, 148, 8704, 2)] // shared memory: 7 groups in four units
    [InlineData("gfx90a", 64, 79, 5632, 3)] // shared memory: 11 groups in four units
    [InlineData("gfx942", 64, 54, 0, 8)] // waves
    [InlineData("gfx1100", 64, 148, 8704, 8)] // shared memory: 15 groups of two waves in four units
    [InlineData("gfx1100", 64, 132, 11008, 6)] // shared memory: 11 groups
    [InlineData("gfx1100", 256, 256, 8704, 5)] // registers: 264 of 1,536
    public void Occupancy_is_bound_by_the_scarcest_resource(
        string name, int groupSize, int registers, int sharedBytes, int waves) =>
        Assert.Equal(waves, AmdGpu.All.Single(one => one.Name == name).ResidentWaves(groupSize, registers, sharedBytes));
}
