using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Amd;

namespace IlgpuDistance.Checks.Tests.Compilers.Amd;

public sealed class AmdMetadataTests
{
    private static ResourceUsage Read(string text) => AmdMetadata.Read(text, AmdGpu.All.Single(one => one.Name == "gfx1100"));

    [Fact]
    public void Registers_and_memory_are_read_from_the_metadata() =>
        Assert.Equal(new ResourceUsage(Registers: 256, SpillBytes: 344, LocalBytes: 0, SharedBytes: 8704, Resident: 5),
            Read(AmdListings.Metadata));

    [Fact]
    public void Scratch_memory_without_spills_is_a_stack()
    {
        ResourceUsage used = Read(AmdListings.Metadata.Replace("spill_count: 85", "spill_count: 0", StringComparison.Ordinal));
        Assert.Equal((0, 344), (used.SpillBytes, used.LocalBytes));
    }

    [Fact]
    public void Assembly_without_metadata_is_none_of_a_kernel() => Assert.Contains(
        "vgpr", Assert.Throws<FormatException>(() => Read(AmdListings.Packed)).Message, StringComparison.Ordinal);
}
