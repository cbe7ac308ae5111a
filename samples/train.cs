// Trains a network on arrays of your own, saves it, and asks the saved one:    dotnet run -c Release samples/train.cs
// Outside of this repository the first line is "#:package IlgpuDistance.Training@0.1.0".
#:project ../src/Training/Training.csproj
#:property PublishAot=false

using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;

// The data: points of the plane in three rings around 0, and the ring of each.
const int Rings = 3, PointsOfARing = 200;
Samples train = Draw(new Random(1)), test = Draw(new Random(2));

// The last layer learns a prototype for each ring, and measures how far a point is from it; the nearest wins.
NetworkPlan plan = NetworkPlan.Compile(Network.Parse("linear(16) > abs > offset-l2(3) > neg"), inputs: 2, classes: Rings);
using ComputeDevice device = ComputeDevice.Open();      // the best of the machine; "cpu", "cuda", "opencl:1", …
var executors = new ExecutorFactory(device);
using IExecutor executor = executors.Create(plan);
var options = new TrainingOptions { Epochs = 300, LearningRate = 0.02f, Optimizer = Optimizer.Parse("adam"), BatchSize = 64 };
using var trainer = new Trainer(executor, train, test, options, new TrainingState(0, Initialisation.Draw(plan, seed: 1)));
foreach (EpochRecord record in trainer.Run())
{
    if (record.Epoch % 100 == 0)
        Console.WriteLine($"epoch {record.Epoch}: loss {record.Loss:0.000}, test accuracy {record.TestAccuracy:0.0} %");
}

string file = Path.Combine(Path.GetTempPath(), $"rings-{Environment.ProcessId}.safetensors");
SavedModel.Save(file, plan, trainer.ReadState().Parameters, train);
SavedModel saved = SavedModel.Load(file);
File.Delete(file);
using IExecutor loaded = executors.Create(saved.Compile());
loaded.SetParameters(saved.ParametersFor(loaded.Plan));
float[] points = [0.5f, 0, 0, -1.5f, 1.8f, 1.8f];
Console.WriteLine($"rings of three points: {string.Join(", ", loaded.Predict(new Samples(points, width: 2)))}");

static Samples Draw(Random random)
{
    var points = new float[Rings * PointsOfARing * 2];
    var rings = new byte[Rings * PointsOfARing];
    for (int i = 0; i < rings.Length; i++)
    {
        rings[i] = (byte)(i % Rings);
        double radius = rings[i] + 0.2 + 0.6 * random.NextDouble(), angle = 2 * Math.PI * random.NextDouble();
        (points[2 * i], points[2 * i + 1]) = ((float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle)));
    }
    return new Samples(points, rings, width: 2);
}
