using IlgpuDistance.Checks.Compilers;
using IlgpuDistance.Checks.Compilers.Nvidia;

namespace IlgpuDistance.Checks.Tests.Compilers.Nvidia;

public sealed class PtxasReportTests
{
    private static ResourceUsage Read(string report) =>
        PtxasReport.Read(report, Multiprocessor.All.Single(one => one.Name == "sm_80"));

    [Fact]
    public void Registers_and_memory_are_read_from_the_report() =>
        Assert.Equal(new ResourceUsage(Registers: 79, SpillBytes: 0, LocalBytes: 0, SharedBytes: 9728, Resident: 24),
            Read(NvidiaListings.Report));

    [Fact]
    public void What_functions_spill_counts_too() =>
        Assert.Equal(new ResourceUsage(Registers: 64, SpillBytes: 52, LocalBytes: 48, SharedBytes: 512, Resident: 32),
            Read(NvidiaListings.ReportWithSpills));

    [Fact]
    public void A_report_without_registers_is_no_report_on_a_kernel() =>
        Assert.Contains("warning", Assert.Throws<FormatException>(() =>
            Read("ptxas warning : something else")).Message, StringComparison.Ordinal);
}
