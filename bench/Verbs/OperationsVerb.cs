using CommandLine;
using IlgpuDistance.Bench.Machine;
using IlgpuDistance.Bench.Operations;
using IlgpuDistance.Training.Data;

namespace IlgpuDistance.Bench.Verbs;

[Verb("operations", HelpText = "Time each SIMD operation by itself, on one thread with data in cache.")]
internal sealed class OperationsVerb : BenchVerb
{
    public override int Run()
    {
        Dataset dataset = LoadDataset();
        var peak = MachinePeaks.Measure(threads: 1);
        MachinePeaks.Print(Report, [peak]);

        var rows = new List<string[]>();
        foreach ((Operation operation, double seconds) in OperationList.Measure(dataset.TrainSamples(InputScaling.Raw), dataset.Classes))
        {
            double? gigaflops = operation.FlopsPerUnit / seconds / 1e9;
            rows.Add(
            [
                operation.Name, operation.Direction, operation.Unit, Report.Number(seconds * 1e9, 2), Report.Number(gigaflops, 1),
                Report.Share(gigaflops / peak.GigaflopsPerSecond), Report.Number(operation.BytesPerUnit / seconds / 1e9, 0),
            ]);
        }
        Report.Line("One thread, blocks of real samples in turns, median of several measurements:");
        Report.Table(3, ["Operation", "Direction", "Per", "ns", "GFLOP/s", "Of peak", "GB/s"], rows);
        Report.Line("dotnet run -c Release --project bench -- operations");
        return 0;
    }
}
