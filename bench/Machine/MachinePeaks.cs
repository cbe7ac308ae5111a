using IlgpuDistance.Gpu.Profiling;

namespace IlgpuDistance.Bench.Machine;

/// <summary>What a number of threads of this machine reach together at most.</summary>
/// <param name="Threads">Number of threads.</param>
/// <param name="VectorBits">Width of the vectors that were used.</param>
/// <param name="GigaflopsPerSecond">Fused multiply-adds of float32, each counted as two operations, in 10⁹ per second.</param>
/// <param name="L1">Reading from the first-level cache, in GB/s.</param>
/// <param name="L2">Reading from the second-level cache, in GB/s.</param>
/// <param name="Memory">Reading from memory, in GB/s.</param>
internal sealed record MachinePeaks(
    int Threads, int VectorBits, double GigaflopsPerSecond, double L1, double L2, double Memory)
{
    /// <summary>Measures them; takes about half a second.</summary>
    public static MachinePeaks Measure(int threads)
    {
        var peaks = new CpuPeaks(threads);
        return new MachinePeaks(
            threads, peaks.VectorBits, peaks.MeasureFlopPerSecond() / 1e9, peaks.MeasureL1() / 1e9, peaks.MeasureL2() / 1e9,
            peaks.MeasureMemory() / 1e9);
    }

    /// <summary>
    /// Measures again, after the benchmark, and keeps the better of each: on a shared machine one moment is often a bad one.
    /// </summary>
    public MachinePeaks MeasuredAgain()
    {
        MachinePeaks again = Measure(Threads);
        return this with
        {
            GigaflopsPerSecond = Math.Max(GigaflopsPerSecond, again.GigaflopsPerSecond),
            L1 = Math.Max(L1, again.L1),
            L2 = Math.Max(L2, again.L2),
            Memory = Math.Max(Memory, again.Memory),
        };
    }

    /// <summary>Prints a table of several measurements.</summary>
    public static void Print(Report report, IEnumerable<MachinePeaks> peaks)
    {
        Report.Line("What this machine reaches in simple loops (best of several attempts before and after the benchmark):");
        report.Table(
            0, ["Threads", "Vector bits", "FMA GFLOP/s", "L1 GB/s", "L2 GB/s", "Memory GB/s"],
            [.. peaks.Select(peak => new[]
            {
                Report.Number(peak.Threads, 0), Report.Number(peak.VectorBits, 0), Report.Number(peak.GigaflopsPerSecond, 0),
                Report.Number(peak.L1, 0), Report.Number(peak.L2, 0), Report.Number(peak.Memory, 0),
            })]);
    }
}
