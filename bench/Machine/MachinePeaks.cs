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
    private const int L1BytesPerThread = 16 << 10;

    /// <summary>Beyond every first-level cache and inside every second-level cache of current processors.</summary>
    private const int L2BytesPerThread = 256 << 10;

    /// <summary>Several times a thread's share of any third-level cache.</summary>
    private const int MemoryBytesPerThread = 192 << 20;

    /// <summary>Measures them; takes about half a second.</summary>
    public static MachinePeaks Measure(int threads)
    {
        var loops = PeakLoops.Create();
        const int Iterations = 4 << 20;
        double flops = (double)threads * Iterations * loops.FlopsPerIteration;
        return new MachinePeaks(
            threads,
            loops.VectorBits,
            flops / FastestSeconds(threads, 0, _ => loops.MultiplyAdd(Iterations)) / 1e9,
            Bandwidth(loops, threads, L1BytesPerThread, 50_000),
            Bandwidth(loops, threads, L2BytesPerThread, 2_000),
            Bandwidth(loops, threads, MemoryBytesPerThread, 1));
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

    private static double Bandwidth(PeakLoops loops, int threads, int bytesPerThread, int passes) =>
        (double)threads * bytesPerThread * passes / FastestSeconds(threads, bytesPerThread, buffer => loops.Read(buffer, passes)) / 1e9;

    /// <summary>
    /// The shortest time in which all threads did the work, of several attempts: a peak is what the machine reaches when
    /// nobody disturbs it.
    /// </summary>
    private static double FastestSeconds(int threads, int bytesPerThread, Action<Memory<float>> work)
    {
        const int Attempts = 20;
        var rounds = Enumerable.Range(0, Attempts + 1).Select(_ => new Timings()).ToArray();
        using var start = new Barrier(threads);
        var workers = Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            float[] buffer = new float[bytesPerThread / sizeof(float)];
            // Written once: pages that were never written may all be the same one.
            Array.Fill(buffer, 1);
            foreach (Timings round in rounds)
            {
                start.SignalAndWait();
                var own = new Timings();
                own.Time(() => work(buffer));
                lock (round)
                    round.Add(own.Median);
            }
        })).ToArray();
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        // The first round is a warm-up; a round lasts as long as its slowest thread.
        return rounds.Skip(1).Min(round => round.Max);
    }
}
