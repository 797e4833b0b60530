/** Modules that are part of the editor (Unity manual, "Built-in packages"), of all versions from 2019 on. */
const modules = new Set(
  (
    'accessibility adaptiveperformance ai amd androidjni animation assetbundle audio cloth cluster crashreporting ' +
    'director dspgraph gamecenter gi grid hierarchycore hotreload identifiers imageconversion imgui input ' +
    'inputforui inputlegacy insights jsonserialize localization marshalling multiplayer nvidia particlesystem ' +
    'performancereporting physics physics2d physicscore2d properties screencapture sharedinternals ' +
    'spatialtracking spriteshape streaming subscription substance subsystems terrain terrainphysics textcore ' +
    'textcorefontengine textcoretextengine textrendering tilemap tls ui uielements uielementsnative umbra unet ' +
    'unityanalytics unityanalyticscommon unityconnect unitycurl unitytestprotocol unitywebrequest ' +
    'unitywebrequestassetbundle unitywebrequestaudio unitywebrequesttexture unitywebrequestwww vectorgraphics ' +
    'vehicles vfx video virtualtexturing vr wind xr'
  ).split(' '),
);

/** Whether Unity has the module: true for `com.unity.modules.physics`, false for `com.unity.modules.phisics`. */
export function isBuiltInModule(name: string): boolean {
  return modules.has(name.slice('com.unity.modules.'.length));
}
