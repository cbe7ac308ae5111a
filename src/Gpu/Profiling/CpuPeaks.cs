using System.Diagnostics;

namespace IlgpuDistance.Gpu.Profiling;

/// <summary>What a number of threads of this machine reach together at most: the shortest of several attempts.</summary>
/// <param name="threads">Number of threads.</param>
internal sealed class CpuPeaks(int threads)
{
    private const int L1BytesPerThread = 16 << 10;

    /// <summary>Beyond every first-level cache and inside every second-level cache of current processors.</summary>
    private const int L2BytesPerThread = 256 << 10;

    /// <summary>Several times a thread's share of any third-level cache.</summary>
    private const int MemoryBytesPerThread = 192 << 20;

    private readonly PeakLoops _loops = PeakLoops.Create();

    /// <summary>Width of the vectors that are used, in bits.</summary>
    public int VectorBits => _loops.VectorBits;

    /// <summary>Fused multiply-adds of float32, each counted as two operations, per second.</summary>
    public double MeasureFlopPerSecond()
    {
        const int Iterations = 4 << 20;
        return (double)threads * Iterations * _loops.FlopsPerIteration / FastestSeconds(0, _ => _loops.MultiplyAdd(Iterations));
    }

    /// <summary>Reading from the first-level caches, in bytes per second.</summary>
    public double MeasureL1() => Bandwidth(L1BytesPerThread, 50_000);

    /// <summary>Reading from the second-level caches, in bytes per second.</summary>
    public double MeasureL2() => Bandwidth(L2BytesPerThread, 2_000);

    /// <summary>Reading from memory, in bytes per second; takes 192 MiB for each thread.</summary>
    public double MeasureMemory() => Bandwidth(MemoryBytesPerThread, 1);

    private double Bandwidth(int bytesPerThread, int passes) =>
        (double)threads * bytesPerThread * passes / FastestSeconds(bytesPerThread, buffer => _loops.Read(buffer, passes));

    /// <summary>
    /// The shortest time in which all threads did the work, of several attempts: a peak is what the machine reaches when
    /// nobody disturbs it.
    /// </summary>
    private double FastestSeconds(int bytesPerThread, Action<Memory<float>> work)
    {
        const int Attempts = 20;
        // A round lasts as long as its slowest thread; the first round is a warm-up.
        double[] rounds = new double[Attempts + 1];
        using var start = new Barrier(threads);
        Thread[] workers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            float[] buffer = new float[bytesPerThread / sizeof(float)];
            // Written once: pages that were never written may all be the same one.
            Array.Fill(buffer, 1);
            for (int round = 0; round <= Attempts; round++)
            {
                start.SignalAndWait();
                long begun = Stopwatch.GetTimestamp();
                work(buffer);
                double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
                lock (rounds)
                    rounds[round] = Math.Max(rounds[round], seconds);
            }
        }))];
        foreach (Thread worker in workers)
            worker.Start();
        foreach (Thread worker in workers)
            worker.Join();
        return rounds.Skip(1).Min();
    }
}
