using IlgpuDistance.Checks.Ptx;

namespace IlgpuDistance.Checks.Tests.Ptx;

public sealed class ResourceUsageTests
{
    [Fact]
    public void Registers_and_memory_are_read_from_the_report() =>
        Assert.Equal(new ResourceUsage(Registers: 79, SpillBytes: 0, LocalBytes: 0, SharedBytes: 9728),
            ResourceUsage.Parse(Listings.Report));

    [Fact]
    public void What_functions_spill_counts_too() =>
        Assert.Equal(new ResourceUsage(Registers: 64, SpillBytes: 52, LocalBytes: 48, SharedBytes: 512),
            ResourceUsage.Parse(Listings.ReportWithSpills));

    [Fact]
    public void A_report_without_registers_is_no_report_on_a_kernel() =>
        Assert.Contains("warning", Assert.Throws<FormatException>(() =>
            ResourceUsage.Parse("ptxas warning : something else")).Message, StringComparison.Ordinal);
}
