// A layer of your own as kernels of ILGPU, behind a network of this library:    dotnet run -c Release samples/layer.cs
// Outside of this repository the first line is "#:package IlgpuDistance.Training@0.1.0".
#:project ../src/Training/Training.csproj
#:property PublishAot=false

// The layers inside a network are those of the library, as kernels, SIMD code, text and exports of each have to agree: another is
// a file in src/Gpu/Networks, see CONTRIBUTING.md. From outside, a layer takes what a layer of the network puts out. This one
// makes of OffsetL2's distance y to a class a membership between 0 and 1: m = exp(−y² / 2σ²).
using IlgpuDistance.Gpu;
using IlgpuDistance.Gpu.Devices;
using IlgpuDistance.Gpu.Executors;
using IlgpuDistance.Gpu.Networks;
using IlgpuDistance.Gpu.Optimizers;
using IlgpuDistance.Training.Data;
using IlgpuDistance.Training.Loop;
using IlgpuDistance.Training.Models;
using ILGPU;
using ILGPU.Algorithms;
using ILGPU.Runtime;
using Floats = ILGPU.ArrayView<float>;
using FloatBuffer = ILGPU.Runtime.MemoryBuffer1D<float, ILGPU.Stride1D.Dense>;

// A network with distances in layer 2, trained on the digits that are built in.
Dataset digits = Dataset.ReadDigits();
Network network = PaperModels.Resolve("Abs-L2-Neg", digits.Classes);
NetworkPlan plan = NetworkPlan.Compile(network, digits.Train.PixelsPerImage, digits.Classes);
using ComputeDevice device = ComputeDevice.Open("cpu");
using IExecutor executor = new ExecutorFactory(device).Create(plan);
Samples train = digits.TrainSamples(InputScaling.Standardized), test = digits.TestSamples(InputScaling.Standardized);
var options = new TrainingOptions { Epochs = 60, LearningRate = 0.003f, Optimizer = Optimizer.Parse("adam") };
using var trainer = new Trainer(executor, train, test, options, new TrainingState(0, Initialisation.Draw(plan, seed: 1)));
Console.WriteLine($"test accuracy {trainer.Run().Last().TestAccuracy:0.0} %");

// y: [samples, classes]; σ is the mean distance to the nearest class.
const int DistanceLayer = 2;
using IDeviceSamples uploaded = executor.Upload(test);
var y = new float[uploaded.Count * plan.Classes];
executor.ReadActivations(uploaded, DistanceLayer, y);
float sigma = y.Chunk(plan.Classes).Average(distances => distances.Min());

// The layer on a device of ILGPU; with preferCPU: false on a GPU.
using Context context = Context.Create(builder => builder.Default().EnableAlgorithms());
using Accelerator accelerator = context.GetPreferredDevice(preferCPU: true).CreateAccelerator(context);
var forward = accelerator.LoadAutoGroupedStreamKernel<Index1D, Floats, Floats, float>(Forward);
var backward = accelerator.LoadAutoGroupedStreamKernel<Index1D, Floats, Floats, Floats, Floats, float>(Backward);
using FloatBuffer distances = accelerator.Allocate1D(y), m = accelerator.Allocate1D<float>(y.Length);
using FloatBuffer dm = accelerator.Allocate1D<float>(y.Length), dy = accelerator.Allocate1D<float>(y.Length);
forward(y.Length, distances.View, m.View, sigma);
float[][] sorted = [.. m.GetAsArray1D().Chunk(plan.Classes).Select(ofSample => ofSample.OrderDescending().ToArray())];
Console.WriteLine($"mean membership in the nearest class {sorted.Average(ofSample => ofSample[0]):0.00}, " +
    $"in the next {sorted.Average(ofSample => ofSample[1]):0.00}");

// dy of a loss that is the sum of all memberships, beside what two more forward passes say of the first distance.
dm.CopyFromCPU([.. Enumerable.Repeat(1f, y.Length)]);
backward(y.Length, distances.View, m.View, dm.View, dy.View, sigma);
float slope = dy.GetAsArray1D()[0], step = 0.01f * sigma;
float difference = (MembershipAt(y[0] + step) - MembershipAt(y[0] - step)) / (2 * step);
Console.WriteLine($"slope at the first distance {slope:0.0000}, from finite differences {difference:0.0000}");

float MembershipAt(float distance)
{
    distances.CopyFromCPU([distance, .. y[1..]]);
    forward(y.Length, distances.View, m.View, sigma);
    return m.GetAsArray1D()[0];
}

static void Forward(Index1D i, Floats y, Floats m, float sigma) => m[i] = XMath.Exp(-y[i] * y[i] / (2 * sigma * sigma));

// ∂m/∂y = −m y / σ²
static void Backward(Index1D i, Floats y, Floats m, Floats dm, Floats dy, float sigma) =>
    dy[i] = -dm[i] * m[i] * y[i] / (sigma * sigma);
